// Sends the answers as they stand and shows the panel they make. Without this script the "Refresh" button does the same.
(() => {
  const form = document.querySelector(".as-runner");
  const live = document.getElementById("panel-live");
  const status = document.getElementById("panel-status");
  if (!form || !live) return;
  form.classList.add("as-lively");
  let timer = 0;
  let asked = null;

  const dim = () => {
    const off = new Set((live.querySelector("[data-off]")?.dataset.off || "").split(" "));
    for (const box of form.querySelectorAll("[data-ask]")) box.classList.toggle("as-off", off.has(box.dataset.ask));
  };
  const say = () => {
    const said = [...live.querySelectorAll(".as-facets > div")].map((facet) => `${facet.querySelector("dt").textContent}: ${facet.querySelector("dd").textContent.trim().replace(/\.$/, "")}.`);
    status.textContent = said.join(" ");
  };
  const refresh = async () => {
    asked?.abort();
    asked = new AbortController();
    const opened = [...live.querySelectorAll("details[open] .as-key")].map((key) => key.textContent);
    try {
      const answer = await fetch(form.dataset.panel, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: asked.signal });
      if (!answer.ok) throw new Error(answer.status);
      live.innerHTML = await answer.text();
      for (const details of live.querySelectorAll("details")) details.open = opened.includes(details.querySelector(".as-key").textContent);
      dim();
      say();
    } catch (fault) {
      if (fault.name !== "AbortError") status.textContent = "The panel could not be brought up to date. Your answers are still here.";
    }
  };
  form.addEventListener("input", (event) => {
    const box = event.target;
    // "Nobody" and a name do not go together.
    if (box.type === "checkbox" && box.checked) {
      for (const other of form.querySelectorAll(`input[name="${box.name}"]`)) if ((other.value === "") !== (box.value === "")) other.checked = false;
    }
    if (!box.closest("[data-ask]")) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, 200);
  });
  say();
})();
