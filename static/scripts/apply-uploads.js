// Names the chosen files, and says which are too large before they are sent. The server checks again.
document.addEventListener("DOMContentLoaded", () => {
  const inWords = (bytes) => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

  document.querySelectorAll("input[type=file][data-most-bytes]").forEach((input) => {
    const most = Number(input.dataset.mostBytes);
    const said = document.querySelector(`[data-chosen-for="${CSS.escape(input.id)}"]`);

    input.addEventListener("change", () => {
      const lines = [...input.files].map((file) => {
        const line = document.createElement("p");
        const tooLarge = file.size > most;
        line.className = tooLarge ? "usa-error-message" : "register-small";
        line.textContent = tooLarge
          ? `${file.name} (${inWords(file.size)}) is larger than ${inWords(most)} and will be refused.`
          : `${file.name} (${inWords(file.size)}) will be attached when you save or send.`;
        return line;
      });
      said.replaceChildren(...lines);
    });
  });
});
