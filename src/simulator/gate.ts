import { commonEffects, isSilent } from './effects.ts';
import type { Gateway } from './faults.ts';
import { answerText } from './http.ts';
import { findStand } from './stands.ts';
import type { Call, Route } from './world.ts';

const NAME_LENGTH = 40;

/** Every gateway call goes through here: it is written down, counted, and fails when it was told to. */
export async function passGate(call: Call, route: Route, gateway: Gateway): Promise<Response> {
  const { world } = call;
  const stand = findStand(gateway.stand);
  const { isKnown, ...named } = stand.readCaller(call);
  const caller = { merchantId: named.merchantId.slice(0, NAME_LENGTH), orderNo: named.orderNo.slice(0, NAME_LENGTH) };
  const fault = world.faults.take(gateway);
  const close = world.requests.open({ at: world.now(), route: gateway.name, ...caller, fault: fault?.kind ?? null });
  let status: number | null = 500;
  try {
    const answer = async () => route.answer(call);
    const effect = fault && (stand.effects?.[fault.kind] ?? commonEffects[fault.kind]);
    if (fault && effect) {
      const response = await effect({ call, gateway, caller, fault, answer });
      status = isSilent(fault.kind) ? null : response.status;
      return response;
    }
    // Whoever is unknown is not counted: made-up numbers would fill the memory.
    const isCounted = gateway.isQuery === true && isKnown === true;
    const isTooMany = isCounted && !world.limiter.admit(caller.merchantId, world.now());
    const response = isTooMany ? answerText('403 Forbidden', 403) : await answer();
    status = response.status;
    return response;
  } finally {
    close(status);
  }
}
