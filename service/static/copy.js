// Copies a text when its button is pressed; where the browser does not allow that, it selects the text.
"use strict";
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.of);
    const words = button.closest("[data-done]").dataset;
    const said = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(source.textContent);
      said.textContent = words.done;
    } catch {
      getSelection().selectAllChildren(source);
      said.textContent = words.marked;
    }
  });
}
