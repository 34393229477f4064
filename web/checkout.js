// Keeps a payer's page fresh. The page is complete without it, so every part may fail alone.
import './buttons.js';
// Before anything changes what the server has drawn.
import './checkout/swap.js';
import './checkout/countdown.js';
import { leave } from './checkout/leave.js';
import './checkout/share.js';
import { start } from './checkout/start.js';
import { watch } from './checkout/status.js';
import './checkout/stores.js';
import { sizeCodes } from './codes.js';

const settle = () => {
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
start();
watch();
