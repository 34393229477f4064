import { answerText } from '../http.ts';
import { type CardStage, cardStageAt, type Order } from '../order.ts';
import type { Call, World } from '../world.ts';
import { isFault, readSignedForm } from './checkout.ts';
import { codes, type Fault, type FieldRule, type FieldValues, findFault, textOf } from './fields.ts';
import { rawBody } from './queries.ts';
import * as rule from './rules.ts';
import { answerSealed, openRequest } from './service.ts';

/** Collecting and paying back cards (ECPay developer documentation, pages 2885 and 9242). */
const ACTIONS = ['C', 'R', 'E', 'N'] as const;
type Action = (typeof ACTIONS)[number];

const rules: readonly FieldRule[] = [
  { name: 'MerchantID', required: true, max: 10, pattern: rule.alnum, code: codes.merchantId },
  { name: 'MerchantTradeNo', required: true, max: 20, pattern: rule.tradeNo, code: codes.tradeNo },
  { name: 'TradeNo', required: true, max: 20, pattern: rule.alnum },
  { name: 'Action', required: true, allowed: ACTIONS },
  { name: 'TotalAmount', required: true, type: 'number', pattern: rule.positiveNumber, code: codes.price },
  { name: 'PlatformID', max: 10, pattern: rule.alnum },
];
const formRules: readonly FieldRule[] = [
  ...rules.map((one) => (one.name === 'TotalAmount' ? { ...one, type: 'text' as const } : one)),
  { name: 'CheckMacValue', required: true, code: codes.checkMac },
];

interface Wish {
  readonly order: Order;
  readonly action: Action;
  readonly amount: number;
}

const REFUSALS = {
  unknown: { code: codes.notFound, message: 'error_nopay' },
  stage: { code: '0', message: 'error_status' },
  amount: { code: '0', message: 'error_amount' },
} as const satisfies Readonly<Record<string, Fault>>;

function findWish(world: World, merchantId: string, kind: Order['kind'], values: FieldValues): Wish | Fault {
  const order = world.ledger.find(merchantId, textOf(values, 'MerchantTradeNo'));
  const action = ACTIONS.find((one) => one === values.get('Action')) ?? 'C';
  const isTheirs = order?.kind === kind && order.tradeNo === values.get('TradeNo');
  if (!order || !isTheirs || cardStageAt(order, world.now()) === null) return REFUSALS.unknown;
  return { order, action, amount: Number(textOf(values, 'TotalAmount')) };
}

/** Instalments and points are paid back whole or not at all. */
function isIndivisible(order: Order): boolean {
  return order.installment > 0 || /^Flexible/.test(order.paymentType) || order.fields.Redeem === 'Y';
}

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
  const left = order.amount - (order.card?.refunded ?? 0);
  return amount > left || (isIndivisible(order) && !isWhole) ? REFUSALS.amount : null;
}

const STAGES_AFTER: Readonly<Record<Action, CardStage | null>> = {
  C: 'closing',
  E: 'authorised',
  N: 'released',
  R: null,
};

function carryOut(world: World, { order, action, amount }: Wish, stage: CardStage): void {
  const paidBack = action === 'R' || action === 'N' ? amount : 0;
  world.ledger.change(order, (current) => ({
    ...current,
    card: { stage: STAGES_AFTER[action] ?? stage, refunded: (current.card?.refunded ?? 0) + paidBack },
  }));
}

/** What ECPay does, or why it does not. */
function act(world: World, merchantId: string, kind: Order['kind'], values: FieldValues): Fault {
  const wish = findWish(world, merchantId, kind, values);
  if ('code' in wish) return wish;
  const stage = cardStageAt(wish.order, world.now()) ?? 'released';
  const refusal = findRefusal(wish, stage);
  if (refusal) return refusal;
  carryOut(world, wish, stage);
  return { code: '1', message: 'Succeeded' };
}

/** `POST /CreditDetail/DoAction`, for orders of the cashier. */
export function doAioAction(call: Call): Response {
  const { world } = call;
  const form = readSignedForm(call, (merchantId) => world.ledger.account(merchantId));
  if (isFault(form)) return answerText(`${form.code}|${form.message}`);
  const values = new Map(Object.entries(form));
  const fault = findFault(formRules, [], values, '');
  if (fault) return answerText(`${fault.code}|${fault.message}`);
  const { MerchantID = '', MerchantTradeNo = '', TradeNo = '' } = form;
  const account = world.ledger.account(MerchantID);
  const { code, message } = act(world, MerchantID, 'aio', values);
  const answer = { MerchantID, MerchantTradeNo, TradeNo, RtnCode: code, RtnMsg: message };
  return account ? answerText(rawBody(answer, account)) : answerText(`${codes.merchantId}|MerchantID Error`);
}

/** `POST /1.0.0/Credit/DoAction`, for payments in the shop's own page. */
export function doSealedAction(call: Call): Response {
  const { world } = call;
  const opened = openRequest(call.body, call.contentType, world);
  if ('response' in opened) return opened.response;
  const { account, data } = opened;
  const values = new Map(Object.entries(data));
  const { code, message } = findFault(rules, [], values, '') ?? act(world, account.merchantId, 'ecpg', values);
  const { MerchantTradeNo = '', TradeNo = '', PlatformID = '' } = data;
  const answer = { PlatformID, MerchantID: account.merchantId, MerchantTradeNo, TradeNo };
  return answerSealed({ RtnCode: Number(code), RtnMsg: message, ...answer }, account, world.now());
}
