window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "{% url 'api:schema' %}",
    dom_id: "#reference",
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    tryItOutEnabled: true,
  });
});
