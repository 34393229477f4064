import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { sayShare } from '../../../../src/pages/admin/parts/chart.tsx';
import { drawCurve, roundUp, stack } from '../../../../src/pages/admin/parts/chart-geometry.ts';
import { sameRuns } from '../../../support/clock.ts';

/** Where the lines of the desk's charts go. */

const BOX = { width: 300, height: 100 };
const amounts = fc.array(fc.integer({ min: 0, max: 2 ** 50 }), { minLength: 1, maxLength: 40 });

describe('the top of a chart', () => {
  test.each([
    [0, 1],
    [1, 1],
    [7, 8],
    [980, 1000],
    [1001, 2000],
    [550_000, 600_000],
    [0.3, 0.3],
  ])('for %p is %p', (value, top) => expect(roundUp(value)).toBeCloseTo(top, 9));

  test('is never below a value, and never more than twice as high', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (value) => {
        expect(roundUp(value)).toBeGreaterThanOrEqual(value);
        expect(roundUp(value)).toBeLessThanOrEqual(2 * value);
      }),
      sameRuns(200),
    );
  });
});

describe('a curve', () => {
  test('goes evenly from edge to edge, the highest value nearest to the top, and its area down to the bottom', () => {
    const { top, points, line, area } = drawCurve([0, 50, 100, 25], BOX);
    expect(top).toBe(100);
    expect(points).toEqual([
      { x: 0, y: 100 },
      { x: 100, y: 50 },
      { x: 200, y: 0 },
      { x: 300, y: 75 },
    ]);
    expect(line).toBe('M0 100L100 50L200 0L300 75');
    expect(area).toBe('M0 100L100 50L200 0L300 75L300 100L0 100Z');
  });

  test('of nothing lies on the bottom, of one value is level, and of no values is empty', () => {
    expect(drawCurve([0, 0, 0], BOX).line).toBe('M0 100L150 100L300 100');
    expect(drawCurve([1], BOX).line).toBe('M0 0L300 0');
    expect(drawCurve([], BOX)).toMatchObject({ line: '', area: '', points: [] });
  });

  test('stays inside its box, whatever the values', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        for (const { x, y } of drawCurve(values, BOX).points) {
          expect(x >= 0 && x <= BOX.width && y >= 0 && y <= BOX.height).toBe(true);
        }
      }),
      sameRuns(100),
    );
  });
});

describe('a stacked bar', () => {
  test('is filled from edge to edge by its parts, in their order', () => {
    expect(stack([30, 50, 20], 100)).toEqual([
      { x: 0, width: 30, share: 0.3 },
      { x: 30, width: 50, share: 0.5 },
      { x: 80, width: 20, share: 0.2 },
    ]);
    expect(stack([0, 0], 100)).toEqual([
      { x: 0, width: 0, share: 0 },
      { x: 0, width: 0, share: 0 },
    ]);
  });

  test('has no gap and no overlap, whatever is rounded', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const parts = stack(values, 720);
        let end = 0;
        for (const { x, width } of parts) {
          expect(Math.abs(x - end)).toBeLessThan(0.001);
          end = x + width;
        }
        if (values.some((value) => value > 0)) expect(Math.abs(end - 720)).toBeLessThan(0.001);
      }),
      sameRuns(100),
    );
  });

  test('says whole per cent, and does not call a little nothing', () => {
    expect([0, 0.001, 0.004, 0.126, 1].map(sayShare)).toEqual(['0%', '<1%', '<1%', '13%', '100%']);
  });
});
