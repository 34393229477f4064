/** A button on every piece of code; what it does is in buttons.js. */
const { copy = '', copied = '', failed = '' } = document.body.dataset;

for (const block of document.querySelectorAll('.code')) {
  const code = block.querySelector('code');
  if (!code) continue;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = copy;
  // The prompt of a terminal is shown and not pasted.
  const text = code.textContent?.replace(/^\$ /gm, '') ?? '';
  Object.assign(button.dataset, { copy: text, done: copied, failed });
  block.append(button);
}
