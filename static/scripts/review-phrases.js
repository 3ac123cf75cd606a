// Puts a phrase where the cursor stands in the rationale. Without a script the button's own way puts it at the end.
const rationale = document.querySelector("textarea[name='rationale']");

document.querySelectorAll("button[data-phrase]").forEach((button) => button.addEventListener("click", (event) => {
  if (!rationale) return;
  event.preventDefault();
  const before = rationale.value.slice(0, rationale.selectionStart).trimEnd();
  const after = rationale.value.slice(rationale.selectionEnd).trimStart();
  const parts = [before, button.dataset.phrase, after].filter(Boolean);
  rationale.value = parts.join("\n\n");
  const end = (before ? before.length + 2 : 0) + button.dataset.phrase.length;
  rationale.focus();
  rationale.setSelectionRange(end, end);
}));
