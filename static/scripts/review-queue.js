// Ticking rows of the queue: all on the page at once, and how many there are.
const form = document.querySelector("form[data-choose]");
const boxes = [...document.querySelectorAll('input[type="checkbox"][form="choose"]')];
const all = form?.querySelector("[data-choose-all]");
const said = form?.querySelector("[data-chosen-count]");

function tell() {
  const count = boxes.filter((box) => box.checked).length;
  said.textContent = count ? `(${count})` : "";
  all.textContent = count === boxes.length ? "Tick none" : "Tick all on this page";
}

if (form && boxes.length) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const on = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = on; });
    tell();
  });
  boxes.forEach((box) => box.addEventListener("change", tell));
  // The browser's Back brings ticks back.
  window.addEventListener("pageshow", tell);
}
