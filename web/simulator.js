// Carries a result to the shop without a click. The form's button stays for browsers that do not run this.
/** @type {HTMLFormElement | null} */
const form = document.querySelector('form[data-auto-submit]');
form?.submit();
