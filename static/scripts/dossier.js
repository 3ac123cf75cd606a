// A document that was chosen in the dossier: its heading is read next, and on a narrow page it is brought into view.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "viewer") return;
  const viewer = document.getElementById("viewer");
  const heading = viewer.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  viewer.scrollIntoView({ block: "nearest" });
});
