import { ActionError } from '../http.ts';
import { digits } from '../random.ts';
import type { World } from '../world.ts';
import { packFields, paidFields, type Wording } from './callback.ts';
import { type Outgoing, orderShelf, type PlusOrder } from './order.ts';
import { signFields } from './sign.ts';

/** What a forger has to work with. A forger claims the order is paid whatever its state is. */
interface Bench {
  readonly world: World;
  readonly order: PlusOrder;
  readonly wording: Wording;
}

type Fields = Readonly<Record<string, string>>;
type Forger = (bench: Bench) => Outgoing;

function notApplicable(why: string): never {
  throw new ActionError(422, 'FORGE_NOT_APPLICABLE', why);
}

function flipLast(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

function sign({ wording }: Bench, fields: Fields): Fields {
  return signFields(fields, wording.secretKey, wording.signing);
}

/** Other fields, signed as PLUS would: only what they say is wrong. */
function lie(bench: Bench, fields: Fields): Outgoing {
  const signed = sign(bench, { ...paidFields(bench.order), ...fields });
  return packFields(bench.order.callbackUrl, signed, bench.wording.shape);
}

/** The genuine fields with another sign, or without one. */
function missign(bench: Bench, edit: (sign: string) => Fields): Outgoing {
  if (bench.wording.signing === 'none') notApplicable('Nothing is signed here at present.');
  const fields = paidFields(bench.order);
  const spoiled = { ...fields, ...edit(sign(bench, fields).sign ?? '') };
  return packFields(bench.order.callbackUrl, spoiled, bench.wording.shape);
}

/** The numbers of the newest other order of the shop, or made-up ones. */
function otherNumbers({ world, order }: Bench): Fields {
  const isOther = (one: PlusOrder) => one.appid === order.appid && one.platNo !== order.platNo;
  const other = orderShelf(world).find(isOther);
  return {
    order_no: other?.orderNo ?? `X${digits(world.random, 15)}`,
    plat_no: other?.platNo ?? `PL999999${digits(world.random, 8)}`,
  };
}

/** Every parameter of callback_url is the shop's own secret. */
function wrongToken(bench: Bench): Outgoing {
  const url = new URL(bench.order.callbackUrl);
  if (url.search === '') notApplicable('The callback_url of this order carries no token.');
  const pairs = [...url.searchParams].map(([name, value]) => [name, flipLast(value)]);
  url.search = new URLSearchParams(pairs).toString();
  return packFields(url.href, sign(bench, paidFields(bench.order)), bench.wording.shape);
}

const forgers: Readonly<Record<string, Forger>> = {
  'bad-sign': (bench) => missign(bench, (text) => ({ sign: flipLast(text) })),
  'no-sign': (bench) => missign(bench, () => ({})),
  'wrong-appid': (bench) => lie(bench, { appid: `${bench.order.appid}X` }),
  money: (bench) => lie(bench, { money: String(bench.order.money + 1) }),
  'other-order': (bench) => lie(bench, otherNumbers(bench)),
  'unpaid-status': (bench) => lie(bench, { status: '0' }),
  'wrong-token': wrongToken,
  replay: ({ order }) => {
    if (!order.last) throw new ActionError(409, 'NOTHING_TO_REPLAY', 'No callback of this order was sent yet.');
    return order.last;
  },
};

export const forgeKinds: readonly string[] = Object.keys(forgers);

export function forgeCallback(world: World, order: PlusOrder, kind: string, wording: Wording): Outgoing {
  const forger = Object.hasOwn(forgers, kind) ? forgers[kind] : undefined;
  return forger ? forger({ world, order, wording }) : notApplicable(`kind must be one of ${forgeKinds.join(', ')}.`);
}
