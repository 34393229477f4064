import { editQuery, type Forgers, flipLast, notApplicable } from '../forging.ts';
import { readChoice, readText } from '../input.ts';
import { type Bench, paidWorks } from '../payments.ts';
import { digits } from '../random.ts';
import * as callback from './callback.ts';
import { merchantOf } from './merchants.ts';
import { type Outgoing, orders, type SmilePayOrder } from './order.ts';

type SmilePayBench = Bench<SmilePayOrder, callback.Wording>;

interface Lie {
  readonly url?: string;
  readonly order?: SmilePayOrder;
  /** Put over the fields once the rest is made. */
  readonly fields?: callback.Fields;
}

function pack({ world, order, wording }: SmilePayBench, lie: Lie): Outgoing {
  const { mid } = merchantOf(world, order.dcvc);
  const fields = callback.fieldsOf(lie.order ?? order, mid, wording, world.now());
  return callback.packFields(order, lie.url ?? callback.roturlOf(order), { ...fields, ...lie.fields }, wording);
}

const isDcvc = (name: string): boolean => name.toLowerCase() === 'dcvc';
const parametersOf = (order: SmilePayOrder): string[] => [...new URL(callback.roturlOf(order)).searchParams.keys()];

/** Whatever is not Dcvc counts as the shop's token. */
function lieAboutToken(bench: SmilePayBench, edit: (value: string) => string | null): Outgoing {
  if (parametersOf(bench.order).every(isDcvc)) notApplicable('The Roturl of this order carries no token.');
  const url = editQuery(callback.roturlOf(bench.order), (name, value) => (isDcvc(name) ? value : edit(value)));
  return pack(bench, { url });
}

/** The numbers of the newest other order of the shop, or made-up ones. */
function otherOrder({ world, order }: SmilePayBench): SmilePayOrder {
  const isOther = (one: SmilePayOrder) => one.dcvc === order.dcvc && one.smilePayNo !== order.smilePayNo;
  const other = orders.shelf(world).find(isOther);
  const smilePayNo = other?.smilePayNo ?? `9999${digits(world.random, 8)}`;
  const dataId = other?.dataId ?? `X${digits(world.random, 17)}`;
  const numbers = other?.numbers ?? {};
  return { ...order, smilePayNo, dataId, numbers, sent: { ...order.sent, od_sob: other?.sent.od_sob ?? dataId } };
}

/** The form names no Dcvc; there it stands in the Roturl, or is slipped in when it does not. */
function lieAboutDcvc(bench: SmilePayBench): Outgoing {
  const { order, wording } = bench;
  const Dcvc = flipLast(order.dcvc);
  const isInUrl = parametersOf(order).some(isDcvc);
  const url = editQuery(callback.roturlOf(order), (name, value) => (isDcvc(name) ? Dcvc : value));
  return pack(bench, { url, fields: wording.shape === 'catalogue' || !isInUrl ? { Dcvc } : {} });
}

const forgers: Forgers<SmilePayBench, Outgoing> = {
  'wrong-token': (bench) => lieAboutToken(bench, flipLast),
  'no-token': (bench) => lieAboutToken(bench, () => null),
  // The check code fits the wrong amount: it proves little, and a forger can guess it.
  amount: (bench) => pack(bench, { order: { ...bench.order, amount: bench.order.amount + 1 } }),
  'other-order': (bench) => pack(bench, { order: otherOrder(bench) }),
  'wrong-mid': (bench) => {
    if (bench.wording.shape === 'catalogue') notApplicable('The catalogue shape has no Mid_smilepay.');
    const genuine = callback.formFields(bench.order, merchantOf(bench.world, bench.order.dcvc).mid, bench.world.now());
    // Genuine codes are multiples of three, so this one fits no parameter at all.
    return pack(bench, { fields: { Mid_smilepay: String(Number(genuine.Mid_smilepay) + 1) } });
  },
  'wrong-dcvc': lieAboutDcvc,
  unpaid: (bench) =>
    pack(bench, { fields: bench.wording.shape === 'catalogue' ? { Amount: '0', Status: '0' } : { Amount: '0' } }),
};

export const { works, forgeKinds, post } = paidWorks<SmilePayOrder, Outgoing, callback.Wording>({
  orders,
  readWording: (_world, _order, input) => ({
    shape: readChoice(input, 'shape', callback.shapes) ?? 'form',
    encoding: readChoice(input, 'encoding', callback.encodings) ?? 'big5',
    validationToken: readText(input, 'validation_token', /^.{1,200}$/u),
  }),
  paidCallback: ({ world, order, wording }) =>
    callback.paidCallback(order, merchantOf(world, order.dcvc).mid, wording, world.now()),
  forgers,
  // Whitespace around the acknowledgement is let pass; anything else, a page around it too, is not.
  isAcknowledged: ({ wanted }, status, answer) => status === 200 && answer.trim() === wanted,
});
