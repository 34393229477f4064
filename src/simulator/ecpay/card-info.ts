import { formatTaipei } from '../clock.ts';
import type { Order } from '../order.ts';

export function isCard(order: Order): boolean {
  return order.method === 'Credit' || order.method === 'UnionPay';
}

/** First instalment and each of the others; the remainder of the division belongs to the first. */
export function splitInstallments(order: Order): { first: number; each: number } {
  if (order.installment === 0) return { first: 0, each: 0 };
  const each = Math.floor(order.amount / order.installment);
  return { first: order.amount - each * (order.installment - 1), each };
}

/** CardInfo of payments in the shop's own page (ECPay developer documentation, page 9053): integers, not texts. */
export function cardInfo(order: Order): Record<string, unknown> {
  const isPaid = order.paidAt !== null;
  const { first, each } = splitInstallments(order);
  return {
    AuthCode: isPaid ? '777777' : '',
    Gwsr: isPaid ? Number(order.tradeNo.slice(-8)) : 0,
    ProcessDate: isPaid ? formatTaipei(order.paidAt) : '',
    Amount: isPaid ? order.amount : 0,
    Stage: order.installment,
    Stast: first,
    Staed: each,
    // Without 3-D Secure there is no indicator.
    Eci: isPaid && order.info.ThreeDURL ? 5 : 0,
    Card6No: isPaid ? '431195' : '',
    Card4No: isPaid ? '2222' : '',
    RedDan: 0,
    RedDeAmt: 0,
    RedOkAmt: 0,
    RedYet: 0,
    IssuingBank: isPaid ? '模擬銀行' : '',
    IssuingBankCode: isPaid ? '000' : '',
  };
}
