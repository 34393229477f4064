// Swagger UI brings a dark look, but follows only its own switch.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followSystem = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followSystem);
followSystem();

// validatorUrl: by default the UI would send the document's address to a validator on another host.
window.SwaggerUIBundle({
  url: '/swagger/json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  // Groups open when they are pressed: drawing every operation at once takes seconds on a phone. What requests and answers
  // are made of is shown with them, not once more in a list of its own.
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
});
