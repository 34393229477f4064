import { describeCallback } from './callbacks.ts';
import { describeCheckout } from './checkout.ts';
import { buildComponents } from './components.ts';
import { describeCreate } from './create.ts';
import { describeDecisions } from './decisions.ts';
import { writeErrorTable } from './errors.ts';
import type { Source } from './example.ts';
import { describeActions } from './gateways.ts';
import { addHeaders, writeLimitTable } from './headers.ts';
import { describeHealth } from './health.ts';
import { describeInSite } from './insite.ts';
import { describeLinks } from './links.ts';
import { describeListing } from './listing.ts';
import { describeNotifications } from './notifications.ts';
import { describeOverview } from './overview.ts';
import { describePayments } from './payments.ts';
import { describeRefunds } from './refunds.ts';
import { describeReturn } from './returns.ts';
import { COMMON_TAG, type Document, type PathItem, type Route, type Tag, WEBHOOKS_TAG } from './types.ts';

/**
 * The OpenAPI document of this installation, made from the registry alone. A promise only because drivers sign the forms
 * of the examples asynchronously; nothing is read and nobody is called.
 */
export async function buildOpenApi(source: Source): Promise<Document> {
  const routes = (await listRoutes(source)).map(addHeaders);
  return {
    openapi: '3.1.0',
    info: {
      title: 'PayCore API',
      version: source.version,
      summary: 'One API in front of several payment gateways.',
      description: [
        INTRODUCTION,
        unfold('Every error code', writeErrorTable(source.gateways)),
        unfold('Every limit', writeLimitTable()),
      ].join('\n\n'),
    },
    servers: [
      { url: source.publicUrl, description: 'This installation' },
      { url: '/', description: 'The address this document was loaded from' },
    ],
    tags: listTags(source),
    security: [{ 'X-API-KEY': [] }],
    paths: groupByPath(routes),
    webhooks: describeNotifications(source),
    components: buildComponents(routes, source),
  };
}

/** The table of routes: a new one is one more entry here. */
async function listRoutes(source: Source): Promise<readonly Route[]> {
  const choices = source.gateways.flatMap((gateway) => gateway.methods.map((method) => ({ gateway, method })));
  return [
    ...describePayments(source),
    ...describeListing(source),
    ...describeDecisions(source),
    ...describeCheckout(source),
    ...describeLinks(source),
    ...describeRefunds(),
    describeOverview(),
    ...describeHealth(),
    ...(await Promise.all(choices.map((choice) => describeCreate(source, choice)))),
    ...choices.filter(({ method }) => method.inSite).map((choice) => describeInSite(source, choice)),
    ...source.gateways.flatMap(describeActions),
    ...source.gateways.map(describeReturn),
    ...source.gateways.map(describeCallback),
  ];
}

function unfold(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

function listTags({ gateways }: Source): readonly Tag[] {
  return [
    { name: COMMON_TAG, description: 'Asking for payments and figures, and for the health of the server.' },
    ...gateways.map((gateway) => ({ name: gateway.name, description: `Payments through ${gateway.name}.` })),
    { name: WEBHOOKS_TAG, description: 'Gateways calling PayCore, and PayCore calling the shop.' },
  ];
}

function groupByPath(routes: readonly Route[]): Record<string, PathItem> {
  const paths: Record<string, PathItem> = {};
  for (const { path, verb, operation } of routes) paths[path] = { ...paths[path], [verb]: operation };
  return paths;
}

const INTRODUCTION = `Make a payment, send the payer to \`payment_url\`, and wait for the notification at your \`payok_url\`; ask for the payment whenever you are in doubt.

**Key.** Every request carries \`X-API-KEY\`. A live key (\`pc_live_…\`) moves money, a test key (\`pc_test_…\`) never does. "Authorize" below takes yours.

**Gateway account.** Either each request brings \`gateway_credentials\`, or the project keeps them and requests leave the object out.

**Answers.** \`{"success": true, "data": {…}, "message": "…"}\`, or \`{"success": false, "message": "…", "error": {"error_code": "…"}}\`. Decide by the status and by \`error_code\`; messages are for people.

**Orders.** Asking again for the same order, gateway, method and amount gives the same payment with \`created: false\`; anything else is \`ORDER_CONFLICT\`. After a timeout, send the very same request again.

**Requests.** Every answer carries \`X-Request-Id\`: yours, if you sent one, else ours; the log of the server names it in every line. What a key may ask for is told with \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\`; beyond it comes \`RATE_LIMITED\` with \`Retry-After\`.

**Time and money.** \`expire_at\` is Taipei time, every other instant is ISO 8601 with offset. \`amount\` is in the unit of its route, \`amount_decimal\` can be read without knowing it.`;
