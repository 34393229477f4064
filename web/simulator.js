// Carries a result to the shop without a click. The form's button stays for browsers that do not run this.
document.querySelector('form[data-auto-submit]')?.submit();
