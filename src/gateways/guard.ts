import type { CallbackDriver } from './callback.ts';
import type { GatewayContext, Secrets } from './context.ts';
import type { Gateway, GatewayAction } from './gateway.ts';
import { type Hider, hideIn, hideInError, makeHider } from './hiding.ts';
import type { GatewayHttp, GetOptions } from './http.ts';

/**
 * The driver as everybody but the driver knows it: where it is called with a set of credentials, none of the set's secrets
 * comes back, neither in what it answers nor in what it throws. What a callback says is hidden by whoever receives it, who
 * alone knows the sets that it was tried with.
 */
export function guardGateway(gateway: Gateway): Gateway {
  const { query, cancel, refund, listRefunds, testCredentials, actions, inSite, callback } = gateway;
  const shield = createShield(gateway);
  const guard =
    <I extends { readonly secrets: Secrets }, O>(call: (input: I, ctx: GatewayContext) => Promise<O>) =>
    (input: I, ctx: GatewayContext): Promise<O> =>
      shield(input.secrets, ctx, (watched) => call(input, watched));
  return {
    ...gateway,
    create: guard((input, ctx) => gateway.create(input, ctx)),
    callback: { ...callback, verify: guardVerify(gateway) },
    ...(query ? { query: guard(query) } : {}),
    ...(cancel ? { cancel: guard(cancel) } : {}),
    ...(refund ? { refund: guard(refund) } : {}),
    ...(listRefunds ? { listRefunds: guard(listRefunds) } : {}),
    ...(testCredentials
      ? {
          testCredentials: (secrets, environment, ctx) =>
            shield(secrets, ctx, (watched) => testCredentials(secrets, environment, watched)),
        }
      : {}),
    ...(actions ? { actions: guardActions(actions, shield) } : {}),
    ...(inSite ? { inSite: { ...inSite, prepare: guard(inSite.prepare), pay: guard(inSite.pay) } } : {}),
  };
}

type Shield = <T>(secrets: Secrets, ctx: GatewayContext, run: (watched: GatewayContext) => Promise<T>) => Promise<T>;

function createShield({ credentials }: Gateway): Shield {
  return async (secrets, ctx, run) => {
    const tokens: string[] = [];
    const hider = () => makeHider(credentials, [secrets], tokens);
    try {
      return hideAnswer(await run(watch(ctx, tokens)), hider());
    } catch (error) {
      hideInError(error, hider());
      throw error;
    }
  };
}

/** A form is made by us, of what is ours, and signed: it holds nothing that a gateway said. */
function hideAnswer<T>(answer: T, hider: Hider): T {
  const isForm = (answer as { readonly type?: unknown } | null)?.type === 'form';
  return isForm ? answer : hideIn(answer, hider);
}

/** Notes with what each call proves who is calling: that is made of secrets, or as good as one while it lasts. */
function watch(ctx: GatewayContext, tokens: string[]): GatewayContext {
  const note = ({ headers }: GetOptions) => {
    const { authorization = '' } = headers;
    if (authorization !== '') tokens.push(authorization.replace(/^\w+ /, ''));
  };
  const http: GatewayHttp = {
    get(url, options) {
      note(options);
      return ctx.http.get(url, options);
    },
    post(url, options) {
      note(options);
      return ctx.http.post(url, options);
    },
  };
  return { ...ctx, http };
}

function guardVerify({ callback, credentials }: Gateway): CallbackDriver['verify'] {
  return (message, secrets, subject) => {
    const tokens: string[] = [];
    const { payment, attempt } = subject;
    const given = callback.verify(message, secrets, {
      payment,
      attempt,
      // Most callbacks prove themselves, and need none.
      get ctx() {
        return watch(subject.ctx, tokens);
      },
    });
    if (!(given instanceof Promise)) return given;
    return given.catch((error: unknown) => {
      hideInError(error, makeHider(credentials, [secrets], tokens));
      throw error;
    });
  };
}

function guardActions(
  actions: Readonly<Record<string, GatewayAction>>,
  shield: Shield,
): Readonly<Record<string, GatewayAction>> {
  const guarded = Object.entries(actions).map(([name, action]): [string, GatewayAction] => [
    name,
    { ...action, run: (secrets, ctx) => shield(secrets, ctx, (watched) => action.run(secrets, watched)) },
  ]);
  return Object.fromEntries(guarded);
}
