import { nameBank } from '../../core/banks.ts';
import { majorToMinor, toMinorUnits } from '../../core/money.ts';
import {
  type Bonus,
  type Card,
  given,
  type Installments,
  type Money,
  type PaidDetails,
} from '../../core/paid-details.ts';
import { formatInstant, parseTaipei } from '../../core/time.ts';
import { textOf } from './envelope.ts';

/**
 * How an order was paid. The JSON services have an object CardInfo (ECPay developer documentation, page 9053); the forms
 * of the cashier have the same beside everything else and in small letters, when NeedExtraPaidInfo was sent (page 5675).
 */
type Fields = Readonly<Record<string, unknown>>;

/** `order` names trade and fee, `card` the card. */
export function readDetails(order: Fields, card: Fields): PaidDetails {
  const tradedAt = parseTaipei(textOf(order.TradeDate));
  const fee = readFee(order);
  const amount = readWhole(order.TradeAmt);
  return given({
    card: readCard(card),
    fee,
    net: fee && amount !== undefined ? twd(majorToMinor(amount, 'TWD') - fee.amount) : undefined,
    tradedAt: tradedAt === null ? undefined : formatInstant(tradedAt),
  });
}

const twd = (amount: number): Money => ({ amount, currency: 'TWD' });

/** What a simulated payment costs is not told, and reads as nothing. */
function readFee({ PaymentTypeChargeFee, ChargeFee, HandlingCharge, ProcessFee }: Fields): Money | undefined {
  const [fee] = [PaymentTypeChargeFee, ChargeFee, HandlingCharge].flatMap(readFine);
  const [more = 0] = readFine(ProcessFee);
  return fee === undefined ? undefined : twd(fee + more);
}

/** Fees have decimals. */
function readFine(value: unknown): readonly number[] {
  const minor = toMinorUnits(textOf(value), 'TWD', 'major');
  return minor === null ? [] : [minor];
}

/** First the name in CardInfo, then that in a form. */
function pick(fields: Fields, ...names: readonly string[]): string {
  return names.map((name) => textOf(fields[name])).find((text) => text !== '') ?? '';
}

function readCard(fields: Fields): Card | undefined {
  const matching = (pattern: RegExp, ...names: readonly string[]) => {
    const text = pick(fields, ...names);
    return pattern.test(text) ? text : undefined;
  };
  const last4 = matching(/^\d{4}$/, 'Card4No', 'card4no');
  // What every answer has, card or not, is empty then.
  if (last4 === undefined) return undefined;
  return given({
    first6: matching(/^\d{6}$/, 'Card6No', 'card6no'),
    last4,
    bank: (matching(/^.{1,30}$/u, 'IssuingBank') ?? nameBank(pick(fields, 'IssuingBankCode'))) || undefined,
    eci: matching(/^\d{1,2}$/, 'Eci', 'eci'),
    authCode: matching(/^[A-Za-z0-9]{1,10}$/, 'AuthCode', 'auth_code'),
    installments: readInstallments(fields),
    bonus: readBonus(fields),
  });
}

function readInstallments(fields: Fields): Installments | undefined {
  const count = readWhole(pick(fields, 'Stage', 'stage')) ?? 0;
  if (count < 2) return undefined;
  return { count, ...given({ first: readMoney(fields, 'Stast', 'stast'), each: readMoney(fields, 'Staed', 'staed') }) };
}

function readBonus(fields: Fields): Bonus | undefined {
  const used = readWhole(pick(fields, 'RedDan', 'red_dan')) ?? 0;
  if (used === 0) return undefined;
  return {
    used,
    ...given({
      left: readWhole(pick(fields, 'RedYet', 'red_yet')),
      discount: readMoney(fields, 'RedDeAmt', 'red_de_amt'),
      charged: readMoney(fields, 'RedOkAmt', 'red_ok_amt'),
    }),
  };
}

function readMoney(fields: Fields, ...names: readonly string[]): number | undefined {
  const whole = readWhole(pick(fields, ...names));
  return whole === undefined ? undefined : majorToMinor(whole, 'TWD');
}

function readWhole(value: unknown): number | undefined {
  const text = textOf(value);
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
