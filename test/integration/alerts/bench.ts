import { afterEach, beforeEach } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { type AlertChange, changeAlerts } from '../../../src/alerts/settings.ts';
import type { TestApp } from '../../support/app.ts';
import { present } from '../../support/parts.ts';
import { type SmtpServer, startSmtp } from '../../support/smtp.ts';
import { type StandIn, startStandIn } from '../../support/standin.ts';

/** A mail server and a webhook that an app tells of trouble. */

export const PASSWORD = 'smtp-secret-31415';

export function useReceivers(): { readonly mail: SmtpServer; readonly hook: StandIn } {
  let mail: SmtpServer | null = null;
  let hook: StandIn | null = null;
  beforeEach(async () => {
    mail = await startSmtp({ login: { user: 'owner', password: PASSWORD } });
    hook = startStandIn();
  });
  afterEach(async () => {
    mail?.close();
    await hook?.stop();
  });
  return {
    get mail() {
      return present(mail);
    },
    get hook() {
      return present(hook);
    },
  };
}

export type Receivers = ReturnType<typeof useReceivers>;

/** As a merchant sets it up: both channels, and the secret that the webhook's receiver is given. */
export async function switchOn(app: TestApp, { mail, hook }: Receivers, more: AlertChange = {}): Promise<string> {
  const { webhookSecret } = await changeAlerts(app.deps, {
    email: {
      ...{ on: true, host: '127.0.0.1', port: mail.port, security: 'none', user: 'owner', password: PASSWORD },
      ...{ from: 'paycore@shop.example', to: 'owner@shop.example' },
    },
    webhook: { on: true, url: `${hook.url}/alerts` },
    ...more,
  });
  return webhookSecret ?? '';
}

interface Post {
  readonly event: string;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly payment_no?: string;
  readonly project?: string;
  readonly livemode?: boolean;
  readonly at: string;
  readonly admin_url: string;
}

/** What the webhook was told, in order. */
export const postsOf = ({ hook }: Receivers): readonly Post[] =>
  hook.received.map(({ body }): Post => JSON.parse(body));

export const verify = (secret: string, { received }: StandIn, at = 0): unknown => {
  const { body, headers } = present(received[at]);
  return new Webhook(secret).verify(body, headers as Record<string, string>);
};
