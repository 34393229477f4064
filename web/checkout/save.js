// The picture of a QR code, into the album that wallets read. iPhones put what is downloaded among the files, where no
// wallet looks; their share sheet saves into the album.
const isApple = /iP(hone|ad|od)|Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;

/** @param {HTMLAnchorElement} link */
const share = async (link) => {
  try {
    const answer = await fetch(link.href);
    const file = new File([await answer.blob()], link.download, { type: 'image/png' });
    if (!answer.ok || !navigator.canShare?.({ files: [file] })) throw new Error('not to be shared');
    await navigator.share({ files: [file] });
  } catch (error) {
    // Thought better of it. Otherwise the picture itself, which a long press saves.
    if (!(error instanceof Error && error.name === 'AbortError')) location.assign(link.href);
  }
};

document.addEventListener('click', (event) => {
  /** @type {HTMLAnchorElement | null} */
  const link = event.target instanceof Element ? event.target.closest('a[data-save-picture]') : null;
  if (!link || !isApple) return;
  event.preventDefault();
  share(link);
});
