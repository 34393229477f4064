import type { AnyElysia } from 'elysia';
import { listMethods } from '../../payments/projects/projects.ts';
import { collectRoutes } from './collect.ts';
import { type CreatedExamples, completeDocument, type Frame } from './complete.ts';
import { listErrorCodeSchema, listErrorExamples, writeErrorTable } from './errors.ts';
import { exampleCreated, type Source } from './examples.ts';
import { listHeaders, writeLimitTable } from './headers.ts';
import { describeNotifications } from './notifications.ts';
import { type Document, TAGS, type Tag } from './types.ts';

/**
 * The OpenAPI document of this installation, made from its routes. A promise only because drivers sign the forms of the
 * examples asynchronously; nothing is read and nobody is called.
 */
export async function buildOpenApi(routes: AnyElysia, source: Source, version: string): Promise<Document> {
  const [collected, created] = await Promise.all([collectRoutes(routes), signExamples(source)]);
  return completeDocument(collected, buildFrame(source, version), created);
}

async function signExamples(source: Source): Promise<CreatedExamples> {
  const examples = listMethods(source.gateways).map(
    async ({ name, ...of }) => [`/api/paycore/pay/${name}`, await exampleCreated(source, of)] as const,
  );
  return new Map(await Promise.all(examples));
}

function buildFrame(source: Source, version: string): Frame {
  return {
    info: {
      title: 'PayCore API',
      version,
      summary: 'One API in front of several payment gateways.',
      license: { name: 'MIT', identifier: 'MIT' },
      description: [
        INTRODUCTION,
        unfold('Every error code', writeErrorTable(source.gateways.list)),
        unfold('Every limit', writeLimitTable()),
      ].join('\n\n'),
    },
    servers: [
      { url: source.publicUrl, description: 'This installation' },
      { url: '/', description: 'The address this document was loaded from' },
    ],
    tags: listTags(source),
    webhooks: describeNotifications(source),
    schemas: listErrorCodeSchema(source.gateways.list),
    components: {
      securitySchemes: {
        'X-API-KEY': {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-KEY',
          description: '`pc_live_…` or `pc_test_…`, made with `paycore key create`.',
        },
      },
      headers: listHeaders(),
      examples: listErrorExamples(source.gateways.list),
    },
  };
}

function unfold(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

function listTags({ gateways }: Source): readonly Tag[] {
  return [
    { name: TAGS.checkout, description: 'Payments whose way to pay the payer picks on the payment page.' },
    {
      name: TAGS.payments,
      description: 'Asking for payments and bringing them up to date, whatever way they are paid.',
    },
    { name: TAGS.refunds, description: 'Money that goes back to the payer.' },
    { name: TAGS.links, description: 'Addresses that a shop hands out, each of them for any number of payments.' },
    ...gateways.list.map((gateway) => ({ name: gateway.name, description: `Payments through ${gateway.name}.` })),
    { name: TAGS.installation, description: 'Figures, and the health of the server.' },
    { name: TAGS.notifications, description: 'PayCore calling the shop.' },
  ];
}

const INTRODUCTION = `Make a payment, send the payer to \`payment_url\`, and wait for the notification at your \`payok_url\`; ask for the payment whenever you are in doubt.

**Key.** Every request carries \`X-API-KEY\`. A live key (\`pc_live_…\`) moves money, a test key (\`pc_test_…\`) never does. "Authorize" below takes yours.

**Gateway account.** Either each request brings \`gateway_credentials\`, or the project keeps them and requests leave the object out.

**Answers.** \`{"success": true, "data": {…}, "message": "…"}\`, or \`{"success": false, "message": "…", "error": {"error_code": "…"}}\`. Decide by the status and by \`error_code\`; messages are for people.

**Orders.** Asking again for the same order, gateway, method and amount gives the same payment with \`created: false\`; anything else is \`ORDER_CONFLICT\`. After a timeout, send the very same request again.

**Requests.** Every answer carries \`X-Request-Id\`: yours, if you sent one, else ours; the log of the server names it in every line. What a key may ask for is told with \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\`; beyond it comes \`RATE_LIMITED\` with \`Retry-After\`.

**Time and money.** \`expire_at\` is Taipei time, every other instant is ISO 8601 with offset. \`amount\` is in the unit of its route, \`amount_decimal\` can be read without knowing it.`;
