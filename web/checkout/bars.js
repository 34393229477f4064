// Bars of whole device pixels. The server draws them at two to one, a CSS pixel a module; here they become as wide as there
// is room for, and what is left over makes the wide ones wider, up to three to one.
const QUIET = 10;
/** CSS pixels a module: a scanner has no use for more. */
const MOST = 3;
/** Less is read by no scanner: then the code is drawn standing. */
const LEAST = 0.75;
/** Millimetres: four dots of a 300 dpi printer. */
const PAPER = 25.4 / 75;

/** @type {WeakMap<SVGSVGElement, readonly boolean[]>} */
const known = new WeakMap();

/**
 * Bars and spaces in turn, true for a wide one.
 * @param {SVGSVGElement} svg
 */
const elementsOf = (svg) => {
  const path = svg.querySelector('path')?.getAttribute('d') ?? '';
  const elements = known.get(svg) ?? [...path.matchAll(/[hm](\d+)/g)].map(([, width]) => Number(width) > 1);
  known.set(svg, elements);
  return elements;
};

/** @type {(svg: SVGSVGElement) => {narrow: number, wide: number}} */
const countModules = (svg) => {
  const elements = elementsOf(svg);
  const wide = elements.filter(Boolean).length;
  return { narrow: elements.length - wide + 2 * QUIET, wide };
};

/**
 * How many dots wide a narrow and a wide bar may be where there are so many dots.
 * @param {SVGSVGElement} svg
 * @param {number} dots
 * @param {number} most
 */
const fit = (svg, dots, most) => {
  const count = countModules(svg);
  const narrow = Math.min(most, Math.floor(dots / (count.narrow + 2 * count.wide)));
  const wide = Math.min(3 * narrow, Math.floor((dots - count.narrow * narrow) / count.wide));
  return { narrow, wide };
};

/** @typedef {{narrow: number, wide: number}} Widths */

/**
 * @param {SVGSVGElement} svg
 * @param {Widths} widths
 * @param {(length: number) => string} measure how long so many dots are
 * @param {string} across how high a bar is
 * @param {boolean} standing
 */
const paint = (svg, { narrow, wide }, measure, across, standing) => {
  const widths = elementsOf(svg).map((isWide) => (isWide ? wide : narrow));
  const quiet = QUIET * narrow;
  const total = widths.reduce((sum, width) => sum + width, 2 * quiet);
  const [line, gap] = standing ? ['v', 'm0 '] : ['h', 'm'];
  const path = widths.map((width, i) => (i % 2 ? `${gap}${width}${standing ? '' : ' 0'}` : `${line}${width}`)).join('');
  const shape = svg.querySelector('path');
  shape?.setAttribute('d', `M${standing ? `.5 ${quiet}` : `${quiet} .5`}${path}`);
  shape?.setAttribute('stroke-width', '1');
  svg.setAttribute('viewBox', standing ? `0 0 1 ${total}` : `0 0 ${total} 1`);
  svg.setAttribute(standing ? 'height' : 'width', measure(total));
  svg.setAttribute(standing ? 'width' : 'height', across);
  return total;
};

/**
 * Moves it to the middle of its place, and onto whole device pixels: a bar that begins on half of one may lose it.
 * @param {SVGSVGElement} svg
 * @param {number} total
 * @param {boolean} standing
 */
const centre = (svg, total, standing) => {
  const place = /** @type {Element} */ (svg.parentElement).getBoundingClientRect();
  const [start, room] = standing ? [place.top, place.height] : [place.left, place.width];
  const ratio = devicePixelRatio || 1;
  const dot = Math.round(start * ratio + (room * ratio - total) / 2);
  svg.style[standing ? 'marginTop' : 'marginLeft'] = `${dot / ratio - start}px`;
};

/**
 * On the screen. A code that does not fit lying is drawn standing.
 * @param {SVGSVGElement} svg
 * @param {{along: number, across: number, standing?: boolean}} room
 */
export const drawOnScreen = (svg, { along, across, standing = false }) => {
  const ratio = devicePixelRatio || 1;
  const most = Math.floor(MOST * ratio);
  const widths = fit(svg, Math.floor(along * ratio), most);
  const isThin = widths.narrow < LEAST * ratio;
  const upright = standing || isThin;
  svg.style.margin = upright && !standing ? '0 auto' : '0';
  const drawn = isThin && !standing ? { narrow: Math.ceil(ratio), wide: 2 * Math.ceil(ratio) } : widths;
  const total = paint(svg, drawn, (dots) => `${dots / ratio}`, `${across}`, upright);
  if (standing || !upright) centre(svg, total, standing);
};

/** @param {SVGSVGElement} svg */
export const drawOnPaper = (svg) => {
  svg.style.margin = '0';
  // Half modules: two and a half to one is whole dots of the printer too.
  paint(svg, { narrow: 2, wide: 5 }, (halves) => `${(halves * PAPER) / 2}mm`, '16mm', false);
};
