// Hides the questions that are not asked, given the other answers. Without it all are shown, each with its condition in words.
document.addEventListener("DOMContentLoaded", () => {
  const conditional = [...document.querySelectorAll("[data-when]")];
  const headings = partsByHeading();

  // A heading goes with the questions below it, up to the next heading.
  function partsByHeading() {
    const found = new Map();
    new Set(conditional.map((part) => part.parentElement)).forEach((form) => {
      let heading = null;
      [...form.children].forEach((child) => {
        if (child.matches("h2")) found.set((heading = child), []);
        else if (heading && child.matches("div")) found.get(heading).push(child);
      });
    });
    return found;
  }

  function valuesOf(name) {
    // A question that is answered together with its evidence has its answer in a part of its own.
    const fields = [...document.getElementsByName(name), ...document.getElementsByName(`${name}_answer`)];
    // An answer to a question that is itself not asked does not count.
    if (fields.some((field) => field.closest("[data-when][hidden]"))) return [];
    return fields
      .filter((field) => field.checked || (field.type !== "radio" && field.type !== "checkbox"))
      .map((field) => field.value);
  }

  function holds(condition) {
    const [name, values] = condition.split("=");
    return valuesOf(name).some((value) => values.split("|").includes(value));
  }

  function show() {
    // In the order of the page: a condition names only a question before it.
    conditional.forEach((part) => {
      part.hidden = !part.dataset.when.split("&").every(holds);
    });
    headings.forEach((parts, heading) => {
      heading.hidden = parts.length > 0 && parts.every((part) => part.hidden);
    });
  }

  document.addEventListener("change", show);
  show();
  // What the address points to may stand elsewhere now.
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView();
});
