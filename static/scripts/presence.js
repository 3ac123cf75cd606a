// Says along with the presence of a page whether something is typed on it that is not saved (templates/reviewer/parts).
document.addEventListener("DOMContentLoaded", () => {
  const typing = document.querySelector("[data-presence] [name='is_typing']");
  if (!typing) return;
  const watched = "form[data-warn-unsaved]";
  if (document.querySelector(`${watched}[data-unsaved]`)) typing.value = "1";
  document.addEventListener("input", (event) => {
    if (event.target.closest(watched)) typing.value = "1";
  });
});
