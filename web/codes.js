// Codes to scan: modules of whole device pixels, as many as fit. Paper has its own size (see the style sheet).
const QR_SIDE = 320;
let paper = false;

/** @param {SVGSVGElement} svg */
const widthOf = (svg) => svg.viewBox.baseVal.width;

/** @type {(room: number, modules: number) => number} */
const fit = (room, modules) => {
  const ratio = devicePixelRatio || 1;
  return Math.max(1, Math.floor((room * ratio) / modules)) / ratio;
};

export const sizeCodes = () => {
  const bars = document.querySelector('[data-bars]');
  const codes = [...(bars?.querySelectorAll('svg') ?? [])];
  const size = bars && !paper ? fit(bars.clientWidth, Math.max(...codes.map(widthOf))) : 1;
  for (const svg of codes) svg.setAttribute('width', `${widthOf(svg) * size}`);
  const place = document.querySelector('[data-pay-qr]');
  const qr = place?.querySelector('svg');
  if (!place || !qr) return;
  const side = widthOf(qr) * fit(Math.min(QR_SIDE, place.clientWidth), widthOf(qr));
  for (const name of ['width', 'height']) qr.setAttribute(name, `${side}`);
};

addEventListener('resize', sizeCodes);
for (const name of ['beforeprint', 'afterprint']) {
  addEventListener(name, () => {
    paper = name === 'beforeprint';
    sizeCodes();
  });
}
