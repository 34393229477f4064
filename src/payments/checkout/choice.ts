import { heldNumber, MAX_ATTEMPTS, STORES } from '../../core/attempt.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import { nameFor } from '../../gateways/names.ts';
import type { Choice, MethodSelection } from '../../pages/checkout/model.ts';
import { CHOOSING, pagePath } from '../urls.ts';
import { findWay, listMethodOptions, type MethodOption } from './method-options.ts';
import { arrangeRows, type Row } from './method-rows.ts';

/** What the payer may choose from, and where he says so. */
export async function describeChoice(deps: Deps, payment: Payment, locale: Locale): Promise<MethodSelection> {
  const token = encodeURIComponent(deps.vault.makePageToken(payment.paymentNo));
  return {
    listUrl: pagePath(deps, payment.paymentNo, locale) + CHOOSING,
    action: `/${locale}/pay/${payment.paymentNo}/choose?token=${token}`,
    choices: (await listRows(deps, payment)).map((row) => describeRow(row, locale)),
  };
}

type Way = Omit<MethodOption, 'credential'>;

async function listRows(deps: Deps, payment: Payment): Promise<readonly Row<Way>[]> {
  const [options, attempts] = await Promise.all([
    listMethodOptions(deps, payment),
    deps.store.listAttempts(payment.id, MAX_ATTEMPTS),
  ]);
  const now = deps.clock.now();
  // What the payer has a number of stays in his list, whatever the merchant offers by now.
  const held = attempts.filter((one) => heldNumber(one, now)).flatMap((one) => findWay(deps.gateways, one) ?? []);
  const ways = new Map<string, Way>(options.map((one) => [one.route, one]));
  for (const { method, ...way } of held) {
    if (!ways.has(way.route)) ways.set(way.route, { ...way, method, kind: method.kind, hint: method.hint });
  }
  return arrangeRows([...ways.values()], {
    attempts,
    routeOf: (attempt) => findWay(deps.gateways, attempt)?.route ?? null,
    chosen: findWay(deps.gateways, payment)?.route ?? null,
    now,
  });
}

function describeRow({ way, kind, serves, held, hasFailed, isCurrent }: Row<Way>, locale: Locale): Choice {
  return {
    route: way.route,
    gateway: nameFor(way.gateway, locale),
    kind,
    hint: way.hint,
    stores: STORES.filter((store) => serves?.includes(store)),
    ...(held ? { held: held.type } : {}),
    ...(hasFailed ? { hasFailed } : {}),
    ...(isCurrent ? { isCurrent } : {}),
  };
}
