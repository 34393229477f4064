import type { Attempt } from './attempt.ts';
import type { Order } from './payment.ts';

/** What a payment is found by besides its own numbers and the order's: people, accounts, codes, the gateway's numbers. */

/** Longer ones are cut: nobody types so much. */
const LONGEST = 64;

/**
 * A term as it is stored and looked for: written in groups, in capitals or in full-width letters it is the same. The
 * migration that filled the table says it in SQL.
 */
export function spellTerm(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}()+\0]/gu, '');
  return [...plain].slice(0, LONGEST).join('');
}

/** Words and given names that a person's name is also found by; the whole name goes before them. */
const MOST_WORDS = 4;
const HAN_NAME = /^\p{Script=Han}{3,4}$/u;

function namesIn(name: string): readonly string[] {
  const words = name.trim().split(/\s+/u);
  const rests = words.map((_, at) => words.slice(at).join(' ')).slice(0, MOST_WORDS);
  // 王小明 is asked for by 小明 too.
  return HAN_NAME.test(name) ? [name, [...name].slice(1).join('')] : rests;
}

export function termsOfOrder(order: Order): readonly string[] {
  const { buyerName, buyerEmail, buyerMobile, buyerPhone, buyerTel, payerAccount } = order;
  const names = buyerName === undefined ? [] : namesIn(buyerName);
  return spellAll([...names, buyerEmail, buyerMobile, buyerPhone, buyerTel, payerAccount]);
}

export function termsOfAttempt({
  instructions,
  gatewayTradeNo,
}: Pick<Attempt, 'instructions' | 'gatewayTradeNo'>): readonly string[] {
  return spellAll([gatewayTradeNo, ...numbersIn(instructions)]);
}

/** What a payer reads out at a counter or from his bank's statement. */
function numbersIn(instructions: Attempt['instructions']): readonly string[] {
  switch (instructions?.type) {
    case 'atm':
      return [instructions.virtualAccount];
    case 'cvs':
      return [instructions.paymentCode];
    case 'barcode':
      return instructions.barcodes;
    default:
      return [];
  }
}

function spellAll(texts: readonly (string | null | undefined)[]): readonly string[] {
  const spelled = texts.flatMap((text) => (text ? [spellTerm(text)] : []));
  return [...new Set(spelled)].filter((term) => term !== '');
}
