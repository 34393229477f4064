import { readInput } from '../console-input.ts';
import { answerJson } from '../http.ts';
import { readText } from '../input.ts';
import type { Call, Route } from '../world.ts';
import { CLIENT_ID, readTally, revokeTokens } from './accounts.ts';
import { listWebhooks, readWebhook, registerWebhook, type Webhook } from './webhooks.ts';

function showStats(call: Call): Response {
  const clientId = call.url.searchParams.get('client_id');
  return answerJson(readTally(call.world, clientId));
}

function revoke(call: Call): Response {
  const clientId = readText(readInput(call), 'client_id', CLIENT_ID);
  return answerJson({ accounts: revokeTokens(call.world, clientId) });
}

function viewWebhook({ clientId, webhookId, url }: Webhook): Record<string, string | null> {
  return { client_id: clientId, webhook_id: webhookId, url };
}

function addWebhook(call: Call): Response {
  return answerJson(viewWebhook(registerWebhook(call.world, readWebhook(readInput(call)))), 201);
}

/** What a program sets up and reads besides orders. */
export const paypalConsole: readonly Route[] = [
  { method: 'GET', path: /^\/simulator\/paypal\/stats$/, answer: showStats },
  { method: 'POST', path: /^\/simulator\/paypal\/revoke$/, answer: revoke },
  {
    method: 'GET',
    path: /^\/simulator\/paypal\/webhooks$/,
    answer: (call) => answerJson({ webhooks: listWebhooks(call.world).map(viewWebhook) }),
  },
  { method: 'POST', path: /^\/simulator\/paypal\/webhooks$/, answer: addWebhook },
];
