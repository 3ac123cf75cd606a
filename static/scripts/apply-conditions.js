// Hides the questions that are not asked, given the other answers. Without it all are shown, each with its condition in words.
document.addEventListener("DOMContentLoaded", () => {
  const conditional = [...document.querySelectorAll("[data-when-field]")];

  function valueOf(name) {
    const fields = [...document.getElementsByName(name)];
    // An answer to a question that is itself not asked does not count.
    if (fields.some((field) => field.closest("[data-when-field][hidden]"))) return "";
    const choice = fields.find((field) => field.checked);
    if (fields[0] && fields[0].type === "radio") return choice ? choice.value : "";
    return fields[0] ? fields[0].value : "";
  }

  function show() {
    // In the order of the page: a condition names only a question before it.
    conditional.forEach((part) => {
      part.hidden = !part.dataset.whenValues.split("|").includes(valueOf(part.dataset.whenField));
    });
  }

  document.addEventListener("change", show);
  show();
  // What the address points to may stand elsewhere now.
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView();
});
