/**
 * Mid_smilepay: merchant parameter (4 digits), amount (8 digits) and the last four characters of Smseid, where anything
 * but a digit counts as 9; three times the digits in even places plus nine times those in odd ones, counted from 1.
 */
export function midSmilePay(parameter: string, amount: number, smseid: string): string {
  const tail = smseid.slice(-4).replace(/\D/g, '9');
  const text = parameter.padStart(4, '0') + String(amount).padStart(8, '0') + tail;
  const sum = Array.from(text).reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 9 : 3), 0);
  return String(sum);
}
