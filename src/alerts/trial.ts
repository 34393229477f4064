import type { Alert, AlertChannel } from '../core/alert.ts';
import type { Deps } from '../deps.ts';
import { readChannels } from './channels.ts';
import type { SendResult } from './mail.ts';
import { mailAlerts, postAlert, type SendParts, USUAL_PARTS } from './send.ts';

/** What came of a test alert on a channel that is set up. */
export interface TrialResult {
  readonly channel: Exclude<AlertChannel, 'summary'>;
  readonly ok: boolean;
  /** For whoever reads it: why it failed, or who will not have it. */
  readonly detail: string;
}

/** Sends one alert at once on every channel that is set up, on or off, and says how it went. */
export async function sendTestAlert(deps: Deps, parts: SendParts = USUAL_PARTS): Promise<readonly TrialResult[]> {
  const { email, webhook } = await readChannels(deps);
  const now = deps.clock.now();
  const alert: Alert = {
    ...{ id: 0, kind: 'test', projectId: null, paymentNo: null },
    ...{ data: {}, tries: 0, createdAt: now },
  };
  const trials: Promise<TrialResult>[] = [];
  if (email.config.host !== '') trials.push(mailAlerts(deps, parts, [alert]).then(tellOf('email')));
  if (webhook.config.url !== '') trials.push(postAlert(deps, parts, webhook, alert).then(tellOf('webhook')));
  return Promise.all(trials);
}

const tellOf =
  (channel: TrialResult['channel']) =>
  (result: SendResult): TrialResult => ({
    channel,
    ok: result.ok,
    detail: result.ok ? result.refused.join(', ') : result.reason,
  });
