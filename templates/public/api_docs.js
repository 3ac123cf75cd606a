// What Swagger UI leaves unnamed, or names as if it were alone on its page. It draws again with each click.
const NAMES = {
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

// The page has a title already: what the description says of itself comes under it.
function underOurTitle({ React, getComponent, specSelectors }) {
  const InfoContainer = () => () =>
    React.createElement(
      "div",
      { className: "info" },
      React.createElement("h2", { className: "title" }, specSelectors.info().get("title")),
      React.createElement(getComponent("Markdown", true), { source: specSelectors.info().get("description") }),
      React.createElement("a", { className: "usa-link", href: specSelectors.url() }, "The whole as one file (OpenAPI 3.1)"),
    );
  return { wrapComponents: { InfoContainer } };
}

window.addEventListener("DOMContentLoaded", () => {
  const reference = document.querySelector("#reference");
  new MutationObserver(() => nameEverything(reference)).observe(reference, { childList: true, subtree: true });
  SwaggerUIBundle({
    url: "{% url 'api:schema' %}",
    dom_id: "#reference",
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [underOurTitle],
    layout: "BaseLayout",
    deepLinking: true,
    tryItOutEnabled: true,
  });
});
