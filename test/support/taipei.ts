/** Prints what the time functions say; run with different TZ settings, it must print the same. */
import { formatInstant, formatTaipei, formatTaipeiSlashed, parseTaipei, taipeiDay } from '../../src/core/time.ts';
import { startOfPeriods } from '../../src/core/zone.ts';

const instants = [0, Date.UTC(2024, 1, 28, 16), Date.UTC(2026, 2, 8, 7, 30), Date.UTC(2026, 9, 25, 0, 59, 59)];
const texts = ['2024/02/29', '2026/03/08 02:30:00', '2026/11/01 01:30:00', '2026-06-22 23:59:59'];
console.log(
  JSON.stringify([
    instants.map((ms) => [formatTaipei(ms), formatTaipeiSlashed(ms), formatInstant(ms), taipeiDay(ms)]),
    texts.map(parseTaipei),
    instants.map((ms) => startOfPeriods(ms, 'Asia/Taipei')),
  ]),
);
