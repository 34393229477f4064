import { formatInstant, HOUR, MINUTE, SECOND } from '../../core/time.ts';
import { type DueFacts, MOST_DELTAS } from '../../store/integrity/node-facts.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Work whose time has come: what it waits for is a server that does it. */

interface Work {
  readonly check: string;
  readonly lateMs: number;
  readonly remedy: string;
}

const START = 'Start the server, or look into its log for';

/** Questions to one merchant's account are spaced: many may wait for a while, and nothing is wrong. */
const WORK: Readonly<Record<keyof DueFacts, Work>> = {
  looks: { check: 'waiting_looks', lateMs: HOUR, remedy: `${START} why it does not ask the gateway.` },
  refundLooks: { check: 'waiting_refund_looks', lateMs: HOUR, remedy: `${START} why it does not ask about refunds.` },
  alerts: {
    check: 'waiting_alerts',
    lateMs: HOUR,
    remedy: `${START} why it does not tell; try it: paycore alerts test.`,
  },
  leases: {
    check: 'lost_leases',
    lateMs: 5 * MINUTE,
    remedy: `${START} why nobody takes over from a process that is gone.`,
  },
};

export function checkWork(dues: DueFacts, deltas: number, now: number): readonly Finding[] {
  const found = Object.entries(WORK).map(([name, work]) => checkDue(work, dues[name as keyof DueFacts], now));
  return [...found, checkDeltas(deltas)];
}

function checkDue({ check, lateMs, remedy }: Work, due: number | null, now: number): Finding {
  const lag = due === null ? 0 : now - due;
  if (due === null || lag <= 0) return ok(check, '');
  if (lag <= lateMs) return ok(check, `the oldest has been due for ${Math.ceil(lag / SECOND)} s`);
  return warn(check, `the oldest has been due since ${formatInstant(due)}`, remedy);
}

/** A busy hour's worth; they carry no time, so that their number has to tell that nobody adds them up. */
const MANY_DELTAS = 20_000;

function checkDeltas(count: number): Finding {
  const message =
    count === 0
      ? ''
      : `${count >= MOST_DELTAS ? `${MOST_DELTAS} or more` : count} changes of figures wait to be added up`;
  if (count < MANY_DELTAS) return ok('waiting_figures', message);
  const remedy =
    'Start the server, or look into its log: it adds them up every few seconds, and totals read slowly until then.';
  return warn('waiting_figures', message, remedy);
}
