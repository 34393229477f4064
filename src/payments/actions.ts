import { PayCoreError } from '../core/errors.ts';
import type { Deps } from '../deps.ts';
import { GatewayGarbage, GatewayRefusal } from '../gateways/gateway.ts';
import { GatewayCallError } from '../gateways/http.ts';
import type { Caller } from './caller.ts';
import { quoteRefusal } from './failure.ts';
import { resolveCredential } from './projects/credentials.ts';
import { gatewayContext } from './urls.ts';

/**
 * What a gateway can be asked besides payments. Throws UNSUPPORTED_GATEWAY_ACTION, the gateway's own credential codes,
 * or GATEWAY_ACTION_FAILED with what the gateway said.
 */
export function createActions(deps: Deps) {
  return async function runAction(
    caller: Caller,
    gatewayId: string,
    name: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const gateway = deps.gateways.find(gatewayId);
    const actions = gateway?.actions ?? {};
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!gateway || !action) throw new PayCoreError('UNSUPPORTED_GATEWAY_ACTION');
    const { secrets } = await resolveCredential(deps, caller, gateway, body.gateway_credentials);
    const ctx = gatewayContext(deps, {
      gateway: gateway.id,
      paymentNo: '',
      gatewayOrderNo: '',
      locale: deps.config.locale,
      now: deps.clock.now(),
    });
    try {
      return { gateway: gateway.id, ...(await action.run(secrets, ctx)) };
    } catch (error) {
      throw explain(error);
    }
  };
}

function explain(error: unknown): unknown {
  if (error instanceof GatewayRefusal) {
    return new PayCoreError('GATEWAY_ACTION_FAILED', { details: quoteRefusal(error), cause: error });
  }
  const isTrouble = error instanceof GatewayCallError || error instanceof GatewayGarbage;
  return isTrouble ? new PayCoreError('GATEWAY_ACTION_FAILED', { cause: error }) : error;
}
