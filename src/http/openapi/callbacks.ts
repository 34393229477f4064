import type { CallbackAnswer, Gateway } from '../../gateways/gateway.ts';
import { describeEcpayBody } from './ecpay-callback.ts';
import { nameOf } from './names.ts';
import { type Answer, type Content, type Example, type Route, WEBHOOKS_TAG } from './types.ts';

/** What a gateway posts and, beside the texts its driver lists, is refused with. */
export interface CallbackBody {
  readonly description: string;
  readonly content: Content;
  readonly refusals: readonly string[];
}

/** By gateway id. A gateway that is not listed is described without its fields. */
const BODIES: Readonly<Record<string, (gateway: Gateway) => CallbackBody>> = { ecpay: describeEcpayBody };

const UNLISTED: CallbackBody = { description: '', content: { '*/*': { schema: {} } }, refusals: [] };
const TOO_LARGE = 'The callback is too large or was cut off.';

/** `POST /api/paycore/webhooks/{gateway}`. */
export function describeCallback(gateway: Gateway): Route {
  const { description, content, refusals } = BODIES[gateway.id]?.(gateway) ?? UNLISTED;
  const { accept, refuse, retry, texts } = gateway.callback;
  const refused = [...new Set([...Object.values(texts), ...refusals, TOO_LARGE])].map(refuse);
  return {
    verb: 'post',
    path: `/api/paycore/webhooks/${gateway.id}`,
    operation: {
      operationId: `receive${nameOf(gateway)}Callback`,
      tags: [WEBHOOKS_TAG],
      summary: `Callback of ${gateway.name}`,
      description: [
        `${gateway.name} calls this address; a shop never does. It takes no API key: the message proves itself. It is acknowledged once its outcome is on disk, and saying it again changes nothing.`,
        description,
      ]
        .filter(Boolean)
        .join('\n\n'),
      security: [],
      requestBody: { required: true, content },
      responses: {
        [accept.status]: describeAnswer('Understood and stored, or known already.', [accept]),
        [refused[0]?.status ?? 400]: describeAnswer('Refused: it belongs to no payment, or is not genuine.', refused),
        [retry.status]: describeAnswer('The database cannot be written. Nothing changed; send it again.', [retry]),
      },
    },
  };
}

function describeAnswer(description: string, answers: readonly CallbackAnswer[]): Answer {
  const type = answers[0]?.contentType.split(';')[0] ?? 'text/plain';
  const examples = answers.map(({ body }, index): [string, Example] => [
    `answer${index + 1}`,
    { summary: body, value: body },
  ]);
  const shown = answers.length === 1 ? { example: answers[0]?.body } : { examples: Object.fromEntries(examples) };
  return { description, content: { [type]: { schema: { type: 'string' }, ...shown } } };
}
