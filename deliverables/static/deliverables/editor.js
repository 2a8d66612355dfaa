// Writing: the preview follows the text, and what is not saved is not lost by leaving. Copying a template's text.
// Without this script the page shows the preview on a button and works the same.
(() => {
  const form = document.querySelector("form[data-preview]");
  if (form) {
    const text = form.elements.text;
    const shown = document.getElementById("preview");
    const look = form.querySelector("[name=look]");
    look.hidden = true;
    let waiting = 0;
    let running = null;
    const follow = async () => {
      running?.abort();
      running = new AbortController();
      const body = new FormData();
      body.set("text", text.value);
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body, signal: running.signal, headers: { "X-Requested-With": "fetch" } });
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        const at = shown.scrollTop;
        shown.innerHTML = await answer.text();
        shown.scrollTop = at;
      } catch (error) {
        if (error.name !== "AbortError") look.hidden = false;
      }
    };
    text.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(follow, 400);
    });

    const began = [text.value, form.elements.note.value].join("\n");
    let leaving = false;
    form.addEventListener("submit", () => { leaving = true; });
    window.addEventListener("beforeunload", (event) => {
      if (!leaving && [text.value, form.elements.note.value].join("\n") !== began) event.preventDefault();
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = "Copied";
    });
  }
})();
