// What Swagger UI leaves unnamed, or names as if it were alone on its page. It draws again with each click.
const NAMES = {
  "h1.title": { role: "heading", "aria-level": "2" },
  "main#operations": { role: "group", "aria-label": "Addresses" },
  "select.examples-select-element": { "aria-label": "Example" },
  ".content-type-wrapper select": { "aria-label": "Form of the content" },
  "textarea.body-param__text": { "aria-label": "Request body" },
  "pre.microlight": { tabindex: "0" },
  ".copy-to-clipboard button": { "aria-label": "Copy to the clipboard" },
  ".download-contents": { "aria-label": "Download" },
};

function nameEverything(reference) {
  for (const [selector, attributes] of Object.entries(NAMES)) {
    for (const element of reference.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) {
        if (element.getAttribute(name) !== value) element.setAttribute(name, value);
      }
    }
  }
}

window.addEventListener("DOMContentLoaded", () => {
  const reference = document.querySelector("#reference");
  new MutationObserver(() => nameEverything(reference)).observe(reference, { childList: true, subtree: true });
  SwaggerUIBundle({
    url: "{% url 'api:schema' %}",
    dom_id: "#reference",
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    tryItOutEnabled: true,
  });
});
