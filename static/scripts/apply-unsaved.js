// Asks before a page is left on which something was typed or chosen and not saved. A form that came back with its text
// not saved (data-unsaved) counts from the beginning.
document.addEventListener("DOMContentLoaded", () => {
  const inWords = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));

  document.querySelectorAll("form[data-warn-unsaved]").forEach((form) => {
    const atFirst = inWords(form);
    let isOnItsWay = false;

    form.addEventListener("submit", () => {
      isOnItsWay = true;
    });
    // Back on the page after all, with the text still in the form.
    window.addEventListener("pageshow", () => {
      isOnItsWay = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (isOnItsWay || (!("unsaved" in form.dataset) && inWords(form) === atFirst)) return;
      event.preventDefault();
      event.returnValue = ""; // for browsers of before 2024
    });
  });
});
