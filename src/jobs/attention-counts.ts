import type { CountAttention } from '../alerts/summary.ts';
import { speakAlerts } from '../alerts/words.ts';
import type { Deps } from '../deps.ts';
import type { Services } from '../payments/index.ts';

/** Further than this the summary does not count. */
const MOST = 100;

/** What the daily summary says of the list of what needs a person: how much there is of each kind, live alone. */
export function createAttentionCounts({ config }: Pick<Deps, 'config'>, { attention }: Services): CountAttention {
  return async () => {
    const say = speakAlerts(config.locale);
    const { items } = await attention.list({ projectId: null, kind: 'live' }, { cursor: null, limit: MOST });
    const counts = new Map<string, number>();
    for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [...counts].map(([kind, count]) => ({ title: say(`alerts.kind.${kind}`), count }));
  };
}
