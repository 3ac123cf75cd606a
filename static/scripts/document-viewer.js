// Shows a document in the viewer of this page. Without the script its link leads to a page of its own, with a viewer.
document.addEventListener("DOMContentLoaded", () => {
  const viewer = document.querySelector("[data-document-viewer]");
  if (!viewer) return;
  const name = viewer.querySelector("[data-document-viewer-name]");
  const open = viewer.querySelector("[data-document-viewer-open]");
  const back = viewer.querySelector("[data-document-viewer-back]");
  let openedFrom = null;

  // On a phone the viewer is screens away from the link, with the keyboard everywhere.
  back.addEventListener("click", () => {
    openedFrom.focus({ preventScroll: true });
    openedFrom.scrollIntoView({ block: "center" });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-document-frame]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();

    const { documentFrame, documentName, documentPage } = link.dataset;
    // A new frame each time: one that only gets another #page stays where it is.
    const frame = document.createElement("iframe");
    frame.className = "register-viewer__frame";
    frame.title = documentName;
    frame.src = documentFrame;
    viewer.querySelectorAll("iframe, .usa-alert").forEach((old) => old.remove());
    viewer.append(frame);
    viewer.hidden = false;

    name.textContent = documentPage ? `${documentName}, page ${documentPage}` : documentName;
    open.href = documentFrame.replace("/frame/", "/");
    open.hidden = false;
    document.querySelectorAll("a[data-document-frame][aria-current]").forEach((old) => old.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    openedFrom = link;
    back.hidden = false;
    name.focus({ preventScroll: true });
    viewer.scrollIntoView({ block: "nearest" });
  });
});
