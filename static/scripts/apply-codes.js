// A click on a code of the product group adds it to the field.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.getElementById("id_codes");
  document.querySelectorAll("[data-add-code]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const codes = field.value.toUpperCase().split(/[\s,;]+/).filter(Boolean);
      if (!codes.includes(button.dataset.addCode)) codes.push(button.dataset.addCode);
      field.value = codes.join(", ");
      field.focus();
    });
  });
});
