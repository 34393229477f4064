import { writeCalendar } from '../../core/calendar.ts';
import { HOUR, MINUTE } from '../../core/time.ts';
import { cleanText } from '../safe.ts';
import { speak } from '../text.ts';
import { checkModel } from './checked.ts';
import type { PageModel } from './model.ts';
import { methodKey, momentOf, moneyOf } from './words.ts';

/** How long before the deadline somebody is reminded: of the longer one, where that is not over or nearly. */
const LEADS = [3 * HOUR, 30 * MINUTE] as const;

/** The deadline of a payment's number for the payer's calendar, with all that he needs at the bank or at the counter. */
export function writeReminder(unchecked: PageModel, deadline: number): string {
  const model = checkModel(unchecked);
  const { locale, shopName: shop, paymentNo, pageUrl, now, itemName, instructions: given } = model;
  const say = speak(locale);
  const [long, short] = LEADS;
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    [say('details.item'), itemName],
    [say('details.order'), model.merchantOrderNo],
    [say('atm.bank'), given?.type === 'atm' ? given.bankCode : null],
    [say('atm.account'), given?.type === 'atm' ? given.virtualAccount : null],
    [say('cvs.code'), given?.type === 'cvs' ? given.paymentCode : null],
  ];
  return writeCalendar({
    uid: `${paymentNo}@${pageUrl === null ? 'paycore' : new URL(pageUrl).hostname}`,
    now,
    at: deadline,
    title: say('calendar.title', { shop, amount: moneyOf(model) }),
    lines: [
      say('calendar.text', { method: say(methodKey(model.method)), moment: momentOf(model, deadline) }),
      ...rows.flatMap(([name, value]) => (value ? [`${name} ${cleanText(value)}`] : [])),
      ...(pageUrl === null ? [] : [pageUrl]),
    ],
    url: pageUrl,
    leadMs: deadline - now > long + HOUR ? long : short,
  });
}
