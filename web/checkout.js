// Keeps a payer's page fresh. The page is complete without it, so every part may fail alone.
import './buttons.js';
// Before anything changes what the server has drawn.
import './checkout/swap.js';
import { leave } from './checkout/leave.js';
import { find, main } from './checkout/main.js';
import { start } from './checkout/start.js';
import { watch } from './checkout/status.js';
import { sizeCodes } from './codes.js';

const HOUR = 3600e3;

// --- Deadline. The phone's clock may be wrong; only its distance to the server's counts.
let ahead = 0;
const countDown = () => {
  const pill = find('[data-deadline]');
  const out = find('[data-template]');
  if (!pill || !out) return;
  const left = Number(pill.dataset.deadline) - (Date.now() - ahead);
  pill.classList.toggle('soon', left < HOUR);
  const { template = '' } = out.dataset;
  const text = left > 0 ? template.replace('{time}', timeLeft(left)) : '';
  if (out.textContent !== text) out.textContent = text;
};
/** @param {number} left */
const timeLeft = (left) => {
  if (left < HOUR) return new Date(left).toISOString().slice(14, 19);
  const [unit, size] = left < 48 * HOUR ? ['hour', HOUR] : ['day', 24 * HOUR];
  const { lang } = document.documentElement;
  const count = Math.floor(left / size);
  try {
    return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  } catch {
    return `${count} ${unit}`;
  }
};

const settle = () => {
  ahead = Date.now() - Number(main.dataset.now);
  countDown();
  sizeCodes();
  leave();
};

// A logo that is not to be had leaves its place empty.
for (const logo of document.images) {
  logo.decode().catch(() => {
    logo.style.visibility = 'hidden';
  });
}

settle();
document.addEventListener('paycore:main', settle);
setInterval(countDown, 1000);
start();
watch();
