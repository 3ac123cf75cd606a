// Rejecting: a usual reason fills in its text, unless something else was typed. Without a script the links do it.
const links = [...document.querySelectorAll("a[data-reason]")];
const reason = document.querySelector("select[name='reason_code']");
const text = document.querySelector("textarea[name='text']");

function begin(key) {
  const chosen = links.find((link) => link.dataset.reason === key);
  if (!chosen) return;
  reason.value = key;
  const typed = text.value.trim();
  if (!typed || links.some((link) => link.dataset.text === typed)) text.value = chosen.dataset.text;
}

if (reason && text) {
  reason.addEventListener("change", () => begin(reason.value));
  links.forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    begin(link.dataset.reason);
    text.focus();
  }));
}
