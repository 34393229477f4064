/** A button on every piece of code; what it does is in buttons.js. */
const { copy = '', copied = '', failed = '' } = document.body.dataset;

for (const block of document.querySelectorAll('.code')) {
  const code = block.querySelector('code');
  if (!code) continue;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = copy;
  Object.assign(button.dataset, { copy: code.textContent, done: copied, failed });
  block.append(button);
}
