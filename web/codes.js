// Codes to scan: modules of whole device pixels, as many as fit. Paper has its own size.
import { drawOnPaper, drawOnScreen } from './checkout/bars.js';
import './checkout/save.js';
import { showOneAtATime } from './checkout/single.js';

/** CSS pixels. */
const QR_SIDE = 320;
const BARS = { inList: 72, alone: 240, margin: 16 };
let paper = false;

/** @type {(svg: SVGSVGElement) => void} */
const sizeBars = (svg) => {
  const place = svg.parentElement;
  if (paper || !place) return drawOnPaper(svg);
  if (!svg.closest('.open')) return drawOnScreen(svg, { along: place.clientWidth, across: BARS.inList });
  const standing = matchMedia('(orientation: portrait) and (max-width: 719px)').matches;
  const [along, room] = standing ? [place.clientHeight, place.clientWidth] : [place.clientWidth, place.clientHeight];
  drawOnScreen(svg, { along, across: Math.max(0, Math.min(BARS.alone, room - 2 * BARS.margin)), standing });
};

/** @type {(place: HTMLElement, svg: SVGSVGElement) => void} */
const sizeQr = (place, svg) => {
  const ratio = devicePixelRatio || 1;
  const { width } = svg.viewBox.baseVal;
  const dots = Math.max(1, Math.floor((Math.min(QR_SIDE, place.clientWidth) * ratio) / width));
  for (const name of ['width', 'height']) svg.setAttribute(name, `${(width * dots) / ratio}`);
};

export const sizeCodes = () => {
  const bars = document.querySelector('[data-bars]');
  // From now on the script says which one is open.
  bars?.classList.add('live');
  for (const svg of bars?.querySelectorAll('svg') ?? []) sizeBars(svg);
  /** @type {HTMLElement | null} */
  const place = document.querySelector('[data-pay-qr]');
  const qr = place?.querySelector('svg');
  if (place && qr) sizeQr(place, qr);
};

/** @param {boolean} on */
const usePaper = (on) => {
  paper = on;
  sizeCodes();
};
addEventListener('resize', sizeCodes);
addEventListener('beforeprint', () => usePaper(true));
addEventListener('afterprint', () => usePaper(false));
showOneAtATime(sizeCodes);
