import { groupEvenly } from '../format.ts';
import { cleanText } from '../safe.ts';
import { speak } from '../text.ts';
import { Bank, groupAccount } from './atm.tsx';
import type { PageModel } from './model.ts';
import { Entry, Groups } from './number.tsx';

/** Comes before anything else: the payer may stand at the counter. */
export function OverdueNote({ model }: { model: PageModel }) {
  if (!model.isOverdue) return null;
  const say = speak(model.locale);
  return (
    <div class="notice overdue" role="status" data-overdue>
      <p>
        <strong>{say('overdue.title')}</strong>
      </p>
      <p>{say('overdue.text')}</p>
    </div>
  );
}

/** The number, for who has paid and wants to compare. Nothing here helps to pay with it: no button, no code to scan. */
export function OverdueScreen({ model }: { model: PageModel }) {
  const { instructions: given } = model;
  const say = speak(model.locale);
  return (
    <section class="block past" data-block>
      <dl class="entries">
        {given?.type === 'atm' && given.bankCode && <Bank model={model} code={cleanText(given.bankCode)} />}
        {given?.type === 'atm' && (
          <Entry label={say('atm.account')}>
            <Groups groups={groupAccount(cleanText(given.virtualAccount))} />
          </Entry>
        )}
        {given?.type === 'cvs' && (
          <Entry label={say('cvs.code')}>
            <Groups groups={groupEvenly(cleanText(given.paymentCode))} />
          </Entry>
        )}
        {given?.type === 'barcode' && (
          <Entry label={say('barcode.group')}>
            {given.barcodes.map((text) => (
              <p key={text}>{cleanText(text)}</p>
            ))}
          </Entry>
        )}
      </dl>
    </section>
  );
}
