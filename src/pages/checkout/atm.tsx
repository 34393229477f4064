import { nameBank } from '../../core/banks.ts';
import { groupByFour } from '../format.ts';
import { cleanText, safeUrl } from '../safe.ts';
import { speak } from '../text.ts';
import { OutLink } from './buttons.tsx';
import type { Given, PageModel } from './model.ts';
import { HowTo, NumberBlock } from './number.tsx';
import type { Symbols } from './shapes.ts';

/** In fours as on a bank card, unless the gateway has put its own marks in. */
function groupAccount(account: string): readonly string[] {
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
        copy={say('atm.copy')}
        before={code !== '' && <Bank model={model} code={code} />}
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

function Bank({ model, code }: { model: PageModel; code: string }) {
  const name = nameBank(code);
  return (
    <>
      <dt>{speak(model.locale)('atm.bank')}</dt>
      <dd class="bank">
        <strong>{code}</strong> {name && <span lang="zh-Hant-TW">{name}</span>}
      </dd>
    </>
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
