import { nameBank } from '../../core/banks.ts';
import { groupByFour, splitMoney } from '../format.ts';
import { cleanText, safeUrl } from '../safe.ts';
import { speak } from '../text.ts';
import { CopyButton, OutLink } from './buttons.tsx';
import type { Given, PageModel } from './model.ts';
import { Entry, HowTo, NumberBlock } from './number.tsx';
import type { Symbols } from './shapes.ts';

/** In fours as on a bank card, unless the gateway has put its own marks in. */
export function groupAccount(account: string): readonly string[] {
  return /^\w+$/.test(account) ? groupByFour(account) : [account];
}

export function AtmScreen({ model, symbols, given }: { model: PageModel; symbols: Symbols; given: Given<'atm'> }) {
  const say = speak(model.locale);
  const code = cleanText(given.bankCode ?? '');
  const account = cleanText(given.virtualAccount);
  const url = safeUrl(given.payUrl);
  const transfer = code === '' ? 'atm.step.page' : 'atm.step.bank';
  return (
    <>
      <NumberBlock
        model={model}
        label={say('atm.account')}
        number={account}
        groups={groupAccount(account)}
        copy={say('copy.account')}
        before={code !== '' && <Bank model={model} code={code} />}
        after={<Amount model={model} />}
      >
        {url && <AccountPage model={model} url={url} isNeeded={!given.bankCode} />}
      </NumberBlock>
      <HowTo
        model={model}
        symbols={symbols}
        steps={[
          'atm.step.open',
          ...(code === '' && !url ? [] : ([transfer] as const)),
          'atm.step.account',
          'atm.step.done',
        ]}
        values={{ code }}
      />
    </>
  );
}

export function Bank({ model, code }: { model: PageModel; code: string }) {
  const say = speak(model.locale);
  const name = nameBank(code);
  return (
    <Entry
      label={say('atm.bank')}
      button={!model.isOverdue && <CopyButton model={model} text={code} label={say('copy.bank')} small shown />}
    >
      <strong data-number={code}>{code}</strong> {name && <span lang="zh-Hant-TW">{name}</span>}
    </Entry>
  );
}

/** A dollar more or less, and the bank sends it back. What is typed in has neither sign nor commas. */
function Amount({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const { sign, digits } = splitMoney(model.amount, model.currency, model.locale);
  const number = digits.replaceAll(',', '');
  return (
    <Entry
      label={say('atm.amount')}
      button={<CopyButton model={model} text={number} label={say('copy.amount')} small shown />}
    >
      <span class="unselectable">{sign}</span>
      <strong data-number={number}>
        {digits.split(/(,)/).map((part, i) =>
          part === ',' ? (
            <span key={i} class="unselectable">
              ,
            </span>
          ) : (
            part
          ),
        )}
      </strong>
      <small>{say('atm.exact')}</small>
    </Entry>
  );
}

/** The gateway's page about the account. Where the gateway names no bank it is needed, and so a button. */
function AccountPage({ model, url, isNeeded }: { model: PageModel; url: string; isNeeded: boolean }) {
  const label = speak(model.locale)('atm.page', { gateway: model.gateway });
  if (isNeeded) {
    return (
      <OutLink href={url} class="button second">
        {label}
      </OutLink>
    );
  }
  return (
    <p class="aside">
      <OutLink href={url}>{label}</OutLink>
    </p>
  );
}
