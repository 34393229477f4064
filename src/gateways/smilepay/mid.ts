/**
 * Mid_smilepay, the check code of a callback: sixteen digits (merchant verification parameter, amount, last four
 * characters of Smseid with 9 for each that is no digit), those in odd places times 9, those in even places times 3.
 * Source: SmilePay’s Roturl document, 檢查碼. It has some 70 values for an order, so it proves nothing by itself.
 */
export function computeMid(parameter: string, amount: number, smseid: string): number {
  const tail = smseid.slice(-4).replace(/\D/g, '9');
  const digits = parameter.padStart(4, '0') + String(amount).padStart(8, '0') + tail;
  return [...digits].reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 9 : 3), 0);
}
