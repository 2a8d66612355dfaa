// Logging a decision: the charter is asked while the person types, and option rows are added in place.
// Without this script the page asks on submit and works the same.
(() => {
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  const said = document.getElementById("check");
  const ASKED = ["code", "hat", "amount", "currency", "rate"];
  form.querySelector(".dl-noscript")?.remove();

  let waiting = 0;
  let running = null;
  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const given = new URLSearchParams(ASKED.map((name) => [name, form.elements[name].value]));
    if (form.dataset.supersedes) given.set("supersedes", form.dataset.supersedes);
    try {
      const answer = await fetch(`${form.dataset.check}?${given}`, { signal: running.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      said.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = "The charter could not be asked just now. It is asked again when you log the decision.";
    }
  };
  const soon = (event) => {
    if (!ASKED.includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);

  // Enter in a line asks the charter; a decision is taken by its button alone.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox], [type=radio])")) return;
    event.preventDefault();
    clearTimeout(waiting);
    ask();
  });

  const rows = form.querySelector(".dl-options");
  const MOST = 12;
  form.querySelector("[name=more]").addEventListener("click", (event) => {
    event.preventDefault();
    const number = rows.children.length + 1;
    if (number > MOST) return;
    const row = rows.lastElementChild.cloneNode(true);
    row.querySelector("[type=radio]").value = number;
    row.querySelector("[type=radio]").checked = false;
    row.querySelector(".dl-hidden").textContent = `: option ${number}`;
    for (const [stem, label] of [["option", `Option ${number}`], ["note", null]]) {
      const box = row.querySelector(`[name=option_${stem === "option" ? "label" : "note"}]`);
      const words = row.querySelector(`label[for=${box.id}]`);
      box.id = `${stem}-${number}`;
      box.value = "";
      words.htmlFor = box.id;
      if (label) words.textContent = label;
    }
    rows.append(row);
    row.querySelector("[name=option_label]").focus();
    event.currentTarget.hidden = number === MOST;
  });
})();
