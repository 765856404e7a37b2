// Shows the document with Swagger UI. `validatorUrl` is off: it would send the address away.
SwaggerUIBundle({
  url: "/docs.json",
  dom_id: "#interface",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
