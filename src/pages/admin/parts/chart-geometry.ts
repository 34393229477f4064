/** Where the lines of a chart go: pure, in units of its own box, with the origin at the top left. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Curve {
  /** What the top of the box stands for: a round number no smaller than any value. */
  readonly top: number;
  readonly points: readonly Point[];
  /** SVG paths: along the values, and down to the bottom around them. */
  readonly line: string;
  readonly area: string;
}

/** The next round number that is no smaller: 1, 2, 3, 4, 5, 6, 8, 10, 20 …; 1 for nothing at all. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}

/** Tenths are finer than any screen. */
const round = (value: number): number => Math.round(value * 10) / 10;

/** One value after the other, evenly from edge to edge; a single one is a level line. */
export function drawCurve(values: readonly number[], { width, height }: Box): Curve {
  const top = roundUp(Math.max(0, ...values));
  const all = values.length === 1 ? [...values, ...values] : values;
  const step = all.length > 1 ? width / (all.length - 1) : 0;
  const points = all.map((value, at) => ({
    x: round(at * step),
    y: round(height - (Math.max(0, value) / top) * height),
  }));
  const line = points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return { top, points, line, area: points.length === 0 ? '' : `${line}L${round(width)} ${height}L0 ${height}Z` };
}

export interface Segment {
  readonly x: number;
  readonly width: number;
  /** Part of the whole, 0 to 1. */
  readonly share: number;
}

/** Parts of one bar, in their order; together they fill it, whatever is rounded. */
export function stack(amounts: readonly number[], width: number): readonly Segment[] {
  const whole = amounts.reduce((sum, amount) => sum + amount, 0);
  if (whole <= 0) return amounts.map(() => ({ x: 0, width: 0, share: 0 }));
  let before = 0;
  return amounts.map((amount) => {
    const x = round((before / whole) * width);
    before += amount;
    return { x, width: round(round((before / whole) * width) - x), share: amount / whole };
  });
}
