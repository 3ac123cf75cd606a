// Puts what was typed before a sign-in expired back into the form that it stood in (?typed_text=…). Nothing is sent.
document.addEventListener("DOMContentLoaded", async () => {
  const token = new URLSearchParams(location.search).get("typed_text");
  if (!token || !/^[\w-]+$/.test(token)) return;
  const answer = await fetch(`/accounts/typed/${token}/fields/`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { path, fields } = await answer.json();
  const typed = new Map();
  fields.forEach(([name, value]) => typed.set(name, [...(typed.get(name) ?? []), value]));
  // Where several forms lead to the same address, the one that has the fields.
  const isIt = (form) => form.method === "post" && new URL(form.action).pathname === path.split("?")[0]
    && [...form.elements].some((element) => element.type !== "hidden" && typed.has(element.name));
  const form = [...document.forms].find(isIt);
  if (!form) return;

  [...form.elements].forEach((element) => {
    // The version that the person saw comes along, so that what others saved since is noticed.
    if (element.type === "hidden" && !element.name.endsWith("seen_version")) return;
    if (!element.name || element.type === "file" || element.type === "submit") return;
    const values = typed.get(element.name);
    if (element.type === "radio" || element.type === "checkbox") {
      element.checked = values !== undefined && values.includes(element.value);
    } else if (values !== undefined) {
      element.value = values.shift() ?? "";
    }
    element.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.dataset.unsaved = "";
  const kept = document.createElement("input");
  kept.type = "hidden";
  kept.name = "typed_text";
  kept.value = token;
  form.append(kept);

  for (let around = form.parentElement; around; around = around.parentElement) {
    if (around.tagName === "DETAILS") around.open = true;
  }
  const said = document.createElement("p");
  said.className = "register-notice";
  said.setAttribute("role", "status");
  said.textContent = "This is what you typed before your sign-in expired. It is not saved yet.";
  form.prepend(said);
  said.scrollIntoView({ block: "center" });
});
