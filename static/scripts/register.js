// What a page does better with a script; every page works without one.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const said = button.firstChild;
  const before = said.textContent;
  said.textContent = "Copied ";
  setTimeout(() => { said.textContent = before; }, 2000);
});

// A search has an address that can be read and shared: what was left empty, or as it is anyway, is left out.
document.addEventListener("formdata", (event) => shorten(event.target, event.formData));
document.addEventListener("htmx:configRequest", (event) => shorten(event.target, event.detail.formData));

function shorten(form, data) {
  if (!form.matches("form[data-brief]")) return;
  [...data.entries()]
    .filter(([name, value]) => value === "" || form.elements[name]?.selectedIndex === 0)
    .filter(([name]) => !form.elements[name]?.required)
    .forEach(([name]) => data.delete(name));
}

// A menu that lies over the page: Escape closes it and goes back to its button; so does going elsewhere.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
["click", "focusin"].forEach((happens) => document.addEventListener(happens, (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}));

function prepare(root) {
  if (navigator.clipboard) root.querySelectorAll("button[data-copy]").forEach((button) => { button.hidden = false; });
  // A form that came back with errors: begin where they are listed.
  const summary = root.querySelector("[data-focus]");
  if (summary) summary.focus();
}

document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:afterSettle", (event) => prepare(event.target));
