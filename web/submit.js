// Presses the button of the page that carries the payer to the gateway. Whoever comes back to it wants to leave the
// gateway: sending them there again would be a trap.
import { isFirstVisit } from './checkout/visit.js';

/** @type {HTMLFormElement | null} */
const form = document.querySelector('form[data-submit]');
// A field of the gateway may be called "submit" and hide the form's own method.
if (form && isFirstVisit()) HTMLFormElement.prototype.submit.call(form);
