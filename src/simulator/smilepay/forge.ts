import { ActionError } from '../http.ts';
import { digits } from '../random.ts';
import type { World } from '../world.ts';
import { catalogueFields, formFields, packFields, roturlOf, type Wording } from './callback.ts';
import { merchantOf } from './merchants.ts';
import { type Outgoing, orderShelf, type SmilePayOrder } from './order.ts';

/** What a forger has to work with. A forger claims the order is paid whatever its state is. */
interface Bench {
  readonly world: World;
  readonly order: SmilePayOrder;
  readonly wording: Wording;
}

type Forger = (bench: Bench) => Outgoing;

interface Lie {
  readonly url?: string;
  readonly order?: SmilePayOrder;
  /** Put over the fields once the rest is made. */
  readonly fields?: Readonly<Record<string, string>>;
}

function notApplicable(why: string): never {
  throw new ActionError(422, 'FORGE_NOT_APPLICABLE', why);
}

function pack({ world, order, wording }: Bench, lie: Lie): Outgoing {
  const told = lie.order ?? order;
  const { mid } = merchantOf(world, order.dcvc);
  const fields =
    wording.shape === 'catalogue' ? catalogueFields(told, wording.validationToken) : formFields(told, mid, world.now());
  return packFields(order, lie.url ?? roturlOf(order), { ...fields, ...lie.fields }, wording);
}

function flipLast(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

const isDcvc = (name: string): boolean => name.toLowerCase() === 'dcvc';

/** The Roturl with other parameters; null takes one away. Whatever is not Dcvc counts as the shop's token. */
function editRoturl(order: SmilePayOrder, edit: (name: string, value: string) => string | null): string {
  const url = new URL(roturlOf(order));
  const pairs = [...url.searchParams].flatMap(([name, value]): [string, string][] => {
    const edited = edit(name, value);
    return edited === null ? [] : [[name, edited]];
  });
  url.search = new URLSearchParams(pairs).toString();
  return url.href;
}

function tokenLie(bench: Bench, edit: (value: string) => string | null): Outgoing {
  const { searchParams } = new URL(roturlOf(bench.order));
  if ([...searchParams.keys()].every(isDcvc)) notApplicable('The Roturl of this order carries no token.');
  return pack(bench, { url: editRoturl(bench.order, (name, value) => (isDcvc(name) ? value : edit(value))) });
}

/** The numbers of the newest other order of the shop, or made-up ones. */
function otherOrder({ world, order }: Bench): SmilePayOrder {
  const isOther = (one: SmilePayOrder) => one.dcvc === order.dcvc && one.smilePayNo !== order.smilePayNo;
  const other = orderShelf(world).find(isOther);
  const smilePayNo = other?.smilePayNo ?? `9999${digits(world.random, 8)}`;
  const dataId = other?.dataId ?? `X${digits(world.random, 17)}`;
  const numbers = other?.numbers ?? {};
  return { ...order, smilePayNo, dataId, numbers, sent: { ...order.sent, od_sob: other?.sent.od_sob ?? dataId } };
}

/** The form names no Dcvc; there it stands in the Roturl, or is slipped in when it does not. */
function lieAboutDcvc(bench: Bench): Outgoing {
  const { order, wording } = bench;
  const Dcvc = flipLast(order.dcvc);
  const isInUrl = [...new URL(roturlOf(order)).searchParams.keys()].some(isDcvc);
  const url = editRoturl(order, (name, value) => (isDcvc(name) ? Dcvc : value));
  return pack(bench, { url, fields: wording.shape === 'catalogue' || !isInUrl ? { Dcvc } : {} });
}

const forgers: Readonly<Record<string, Forger>> = {
  'wrong-token': (bench) => tokenLie(bench, flipLast),
  'no-token': (bench) => tokenLie(bench, () => null),
  // The check code fits the wrong amount: it proves little, and a forger can guess it.
  amount: (bench) => pack(bench, { order: { ...bench.order, amount: bench.order.amount + 1 } }),
  'other-order': (bench) => pack(bench, { order: otherOrder(bench) }),
  'wrong-mid': (bench) => {
    if (bench.wording.shape === 'catalogue') notApplicable('The catalogue shape has no Mid_smilepay.');
    const genuine = formFields(bench.order, merchantOf(bench.world, bench.order.dcvc).mid, bench.world.now());
    // Genuine codes are multiples of three, so this one fits no parameter at all.
    return pack(bench, { fields: { Mid_smilepay: String(Number(genuine.Mid_smilepay) + 1) } });
  },
  'wrong-dcvc': lieAboutDcvc,
  unpaid: (bench) =>
    pack(bench, { fields: bench.wording.shape === 'catalogue' ? { Amount: '0', Status: '0' } : { Amount: '0' } }),
  replay: ({ order }) => {
    if (!order.last) throw new ActionError(409, 'NOTHING_TO_REPLAY', 'No callback of this order was sent yet.');
    return order.last;
  },
};

export const forgeKinds: readonly string[] = Object.keys(forgers);

export function forgeCallback(world: World, order: SmilePayOrder, kind: string, wording: Wording): Outgoing {
  const forger = Object.hasOwn(forgers, kind) ? forgers[kind] : undefined;
  return forger ? forger({ world, order, wording }) : notApplicable(`kind must be one of ${forgeKinds.join(', ')}.`);
}
