/** Shows in the preview what is typed. The colours are made by the server, by the same rule as those of payer pages. */

const preview = document.querySelector('[data-preview]');
const picker = document.querySelector('[data-accent-pick]');
const accent = document.getElementById('accent');

/** @returns {HTMLLinkElement} */
function findStyle() {
  const known = document.querySelector('link[data-preview-style]');
  if (known instanceof HTMLLinkElement) return known;
  const made = document.createElement('link');
  made.rel = 'stylesheet';
  made.dataset.previewStyle = '';
  document.head.append(made);
  return made;
}

/** @param {string} colour */
function showAccent(colour) {
  const shown = colour.toLowerCase();
  if (shown === '') findStyle().disabled = true;
  if (!/^#[0-9a-f]{6}$/.test(shown)) return;
  const style = findStyle();
  style.disabled = false;
  style.href = `/assets/accent/preview/${shown.slice(1)}.css`;
  if (picker instanceof HTMLInputElement) picker.value = shown;
}

if (picker instanceof HTMLInputElement && accent instanceof HTMLInputElement) {
  picker.hidden = false;
  picker.addEventListener('input', () => {
    accent.value = picker.value;
    showAccent(picker.value);
  });
  accent.addEventListener('input', () => showAccent(accent.value.trim()));
}

for (const name of ['display_name', 'contact']) {
  const field = document.getElementById(name);
  if (!(field instanceof HTMLInputElement && preview instanceof HTMLElement)) continue;
  field.addEventListener('input', () => {
    const text = field.value.trim();
    const shown = text === '' && name === 'display_name' ? (preview.dataset.name ?? '') : text;
    for (const place of preview.querySelectorAll(`[data-show="${name}"]`)) place.textContent = shown;
  });
}

const logo = document.getElementById('logo_url');
const note = document.querySelector('[data-preview-logo-note]');
if (logo instanceof HTMLInputElement && note instanceof HTMLElement) {
  // The page may load pictures only from where the logo was when the page was made.
  logo.addEventListener('input', () => {
    note.hidden = logo.value.trim() === logo.defaultValue;
  });
}
