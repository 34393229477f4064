import { checkFields, isPlainObject } from '../../core/fields.ts';
import type { Extras, ExtrasContext, Gateway } from '../../gateways/gateway.ts';

/** The objects of a request that are named after gateways. */

type Body = Readonly<Record<string, unknown>>;
type Problems = Readonly<Record<string, readonly string[]>>;

/** Names longer than any field's are told in part. */
const MAX_NAME = 60;

/** What takes such an object: a method's route its own gateway's, other routes none. */
interface Route extends Partial<Pick<ExtrasContext['method'], 'extras'>> {
  readonly path: string;
  readonly gateway?: string;
}

/** What such objects say that the route does not take: a typo must not silently make another charge. */
export function findMisplaced(body: Body, gateways: readonly Gateway[], route: Route): Problems {
  const problems = gateways.flatMap(({ id, methods }) => {
    const own = (route.gateway === id && route.extras) || [];
    return listNames(body, id)
      .filter((name) => !own.some((field) => field.name === name))
      .map((name): [string, readonly string[]] => {
        const field = `${id}.${name.slice(0, MAX_NAME)}`;
        const isKnown = methods.some(({ extras }) => extras.some((one) => one.name === name));
        return [field, [`The ${field} field ${isKnown ? `does not belong to ${route.path}` : 'is not known'}.`]];
      });
  });
  return Object.fromEntries(problems);
}

function listNames(body: Body, gateway: string): readonly string[] {
  const object = Object.hasOwn(body, gateway) ? body[gateway] : undefined;
  return isPlainObject(object) ? Object.keys(object) : [];
}

export type ReadExtras = { readonly extras: Extras; readonly problems: Problems };

/** The object of the route's own gateway, checked field by field and then by the gateway's own rules. */
export function readExtras(given: unknown, gateway: Gateway, context: ExtrasContext): ReadExtras {
  const object = isPlainObject(given) ? given : {};
  const { values, errors } = checkFields(object, context.method.extras, `${gateway.id}.`);
  const extras = values as Extras;
  const checked = gateway.checkExtras?.(extras, context) ?? { ok: true, extras };
  return { extras: checked.ok ? checked.extras : {}, problems: { ...(checked.ok ? {} : checked.fields), ...errors } };
}
