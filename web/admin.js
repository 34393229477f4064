/**
 * The desk works without this. It copies, closes menus that lie open, and keeps a form from being sent twice by one press.
 */

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener('click', () => {
    const field = document.getElementById(button.dataset.copy ?? '');
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    field.select();
    // Works on plain http too, where the browser has no clipboard for pages.
    if (!document.execCommand('copy')) return;
    button.textContent = button.dataset.copied ?? label;
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.pick[open], details.more[open]')) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute('open');
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.pick[open], details.more[open]')) {
    menu.removeAttribute('open');
    menu.querySelector('summary')?.focus();
  }
});

for (const form of document.querySelectorAll('form[data-action]')) {
  form.addEventListener('submit', (event) => {
    if (form.hasAttribute('data-sent')) event.preventDefault();
    form.setAttribute('data-sent', '');
  });
}

// Coming back to a page that the browser kept, its forms can be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) form.removeAttribute('data-sent');
});
