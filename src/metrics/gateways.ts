import type { CallbackAnswer, Gateway } from '../gateways/gateway.ts';
import type { GatewayCallKind, GatewayHttp, GatewayResponse } from '../gateways/http.ts';
import { LATER, type Received } from '../payments/callback/arrival.ts';
import type { Services } from '../payments/index.ts';
import type { Instruments } from './instruments.ts';

/** What goes to gateways, and what comes from them. */

/** `forbidden`: how some gateways shut out who asks too often. `garbage`: an answer that broke off, or was too large. */
type Outcome = 'ok' | 'refused' | 'forbidden' | 'timeout' | 'not_sent' | 'garbage';

const OUTCOMES: Readonly<Record<GatewayCallKind, Outcome>> = {
  not_sent: 'not_sent',
  timeout: 'timeout',
  broken: 'garbage',
  too_large: 'garbage',
};

function outcomeOf({ status }: GatewayResponse): Outcome {
  if (status < 400) return 'ok';
  return status === 403 ? 'forbidden' : 'refused';
}

function outcomeOfFailure(error: unknown): Outcome {
  const kind = (error as { kind?: GatewayCallKind } | undefined)?.kind;
  return (kind && OUTCOMES[kind]) ?? 'garbage';
}

/** Calls are made in the lane of their gateway; one in no lane is somebody else's. */
export function watchGatewayHttp(
  { gatewayCalls, gatewayTime }: Pick<Instruments, 'gatewayCalls' | 'gatewayTime'>,
  http: GatewayHttp,
  gateways: readonly Pick<Gateway, 'id'>[],
  now: () => number,
): GatewayHttp {
  const known = new Set(gateways.map(({ id }) => id));

  const watch = async (lane: string | undefined, call: Promise<GatewayResponse>): Promise<GatewayResponse> => {
    const gateway = lane !== undefined && known.has(lane) ? lane : 'other';
    const began = now();
    const note = (outcome: Outcome) => {
      gatewayCalls.inc({ gateway, outcome });
      gatewayTime.observe({ gateway }, (now() - began) / 1000);
    };
    try {
      const response = await call;
      note(outcomeOf(response));
      return response;
    } catch (error) {
      note(outcomeOfFailure(error));
      throw error;
    }
  };

  return {
    get: (url, options) => watch(options.lane, http.get(url, options)),
    post: (url, options) => watch(options.lane, http.post(url, options)),
  };
}

type ReceiveCallback = Services['receiveCallback'];
type Result = 'accepted' | 'refused' | 'retry' | 'unmatched';

/** What the browser of a payer brings is no call of the gateway. */
export function watchCallbacks(
  { callbacks }: Pick<Instruments, 'callbacks'>,
  receive: ReceiveCallback,
): ReceiveCallback {
  return async (gateway, raw, address, isFromBrowser = false) => {
    const received = await receive(gateway, raw, address, isFromBrowser);
    if (!isFromBrowser) callbacks.inc({ gateway: gateway.id, result: resultOf(gateway, received) });
    return received;
  };
}

/** `unmatched`: it belongs to no payment of ours. `retry`: the gateway is to come again. */
export function resultOf({ callback }: Gateway, { answer, payment }: Received): Result {
  if (payment !== null || isSame(answer, callback.accept(null))) return 'accepted';
  if (isSame(answer, callback.retry) || isSame(answer, callback.refuse(LATER))) return 'retry';
  const { unknown, unknownSealed } = callback.texts;
  const isUnknown = [unknown, unknownSealed].some((text) => text && isSame(answer, callback.refuse(text)));
  return isUnknown ? 'unmatched' : 'refused';
}

function isSame(one: CallbackAnswer, other: CallbackAnswer): boolean {
  return one.status === other.status && one.body === other.body;
}
