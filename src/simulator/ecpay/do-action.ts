import type { World } from '../world.ts';
import * as rule from './fields.ts';
import { codes, type Fault, type FieldRule, type FieldType, type FieldValues, findFault, textOf } from './fields.ts';
import { type CardStage, cardStageAt, type EcpayOrder, findOrder, orders } from './order.ts';
import { serveSealed, serveSigned } from './service.ts';

/** Collecting and paying back cards (ECPay developer documentation, pages 2885 and 9242). */
const ACTIONS = ['C', 'R', 'E', 'N'] as const;
type Action = (typeof ACTIONS)[number];

const rulesWith = (type: FieldType): FieldRule[] => [
  rule.merchantIdRule,
  rule.tradeNoRule,
  { name: 'TradeNo', required: true, max: 20, pattern: rule.alnum },
  { name: 'Action', required: true, allowed: ACTIONS },
  { ...rule.amountRule, type },
  rule.platformRule,
];

interface Wish {
  readonly order: EcpayOrder;
  readonly action: Action;
  readonly amount: number;
}

const REFUSALS = {
  unknown: { code: codes.notFound, message: 'error_nopay' },
  stage: { code: '0', message: 'error_status' },
  amount: { code: '0', message: 'error_amount' },
} as const satisfies Readonly<Record<string, Fault>>;

function findWish(world: World, merchantId: string, kind: EcpayOrder['kind'], values: FieldValues): Wish | Fault {
  const order = findOrder(world, merchantId, textOf(values, 'MerchantTradeNo'));
  const action = ACTIONS.find((one) => one === values.get('Action')) ?? 'C';
  const isTheirs = order?.kind === kind && order.tradeNo === values.get('TradeNo');
  if (!order || !isTheirs || cardStageAt(order, world.now()) === null) return REFUSALS.unknown;
  return { order, action, amount: Number(textOf(values, 'TotalAmount')) };
}

/** Instalments and points are paid back whole or not at all. */
const isIndivisible = (order: EcpayOrder): boolean =>
  order.installment > 0 || /^Flexible/.test(order.paymentType) || order.fields.Redeem === 'Y';

/** What these are for, and always for the whole amount. */
const STAGES_BEFORE: Readonly<Record<Exclude<Action, 'R'>, CardStage>> = {
  C: 'authorised',
  E: 'closing',
  N: 'authorised',
};

function findRefusal({ order, action, amount }: Wish, stage: CardStage): Fault | null {
  const isWhole = amount === order.amount;
  if (action !== 'R') return stage !== STAGES_BEFORE[action] ? REFUSALS.stage : isWhole ? null : REFUSALS.amount;
  // What is going to be collected can be made less; to make it nothing, the collection has to be taken back.
  if (stage !== 'closed' && (stage !== 'closing' || isWhole)) return REFUSALS.stage;
  const left = order.amount - order.card.refunded;
  return amount > left || (isIndivisible(order) && !isWhole) ? REFUSALS.amount : null;
}

const STAGES_AFTER: Readonly<Record<Action, CardStage | null>> = {
  C: 'closing',
  E: 'authorised',
  N: 'released',
  R: null,
};

/** What ECPay does, or why it does not. */
function act(world: World, merchantId: string, kind: EcpayOrder['kind'], values: FieldValues): Fault {
  const wish = findWish(world, merchantId, kind, values);
  if ('code' in wish) return wish;
  const { order, action, amount } = wish;
  const stage = cardStageAt(order, world.now()) ?? 'released';
  const refusal = findRefusal(wish, stage);
  if (refusal) return refusal;
  const paidBack = action === 'R' || action === 'N' ? amount : 0;
  const card = { stage: STAGES_AFTER[action] ?? stage, refunded: order.card.refunded + paidBack };
  orders.change(world, order, { card });
  return { code: '1', message: 'Succeeded' };
}

/** `POST /CreditDetail/DoAction`, for orders of the cashier. */
export const doAioAction = serveSigned(
  [...rulesWith('text'), rule.checkMacRule],
  ({ world, account, form, values }) => {
    const { MerchantTradeNo = '', TradeNo = '' } = form;
    const { code, message } = act(world, account.merchantId, 'aio', values);
    return { MerchantID: account.merchantId, MerchantTradeNo, TradeNo, RtnCode: code, RtnMsg: message };
  },
);

const sealedRules = rulesWith('number');

/** `POST /1.0.0/Credit/DoAction`, for payments in the shop's own page. */
export const doSealedAction = serveSealed(({ world, account, data }) => {
  const values = new Map(Object.entries(data));
  const { code, message } = findFault(sealedRules, [], values, '') ?? act(world, account.merchantId, 'ecpg', values);
  const { MerchantTradeNo = '', TradeNo = '', PlatformID = '' } = data;
  const answer = { PlatformID, MerchantID: account.merchantId, MerchantTradeNo, TradeNo };
  return { RtnCode: Number(code), RtnMsg: message, ...answer };
});
