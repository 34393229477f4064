import type { Instructions, Store } from '../../core/attempt.ts';
import { nameBank } from '../../core/banks.ts';
import { groupByFour, groupEvenly } from '../format.ts';
import { cleanText, safeUrl } from '../safe.ts';
import type { TextKey } from '../text.ts';
import { Code39 } from './barcode.tsx';
import { CopyButton, GuideLink, OutLink } from './buttons.tsx';
import { Carry, Steps } from './parts.tsx';
import { QrScreen } from './qrpay.tsx';
import type { Scene } from './scene.ts';

type Of<Type extends Instructions['type']> = Extract<Instructions, { type: Type }>;

/** A number to pay with and how to use it. */
export function InstructionScreen({ scene }: { scene: Scene }) {
  const given = scene.instructions;
  switch (given?.type) {
    case 'atm':
      return <AtmScreen scene={scene} given={given} />;
    case 'cvs':
      return <CodeScreen scene={scene} given={given} />;
    case 'barcode':
      return <BarcodeScreen scene={scene} given={given} />;
    case 'qr':
      return <QrScreen scene={scene} />;
    default:
      return null;
  }
}

/**
 * A long number in groups. The groups are parted by space that is not text, so that selecting it by hand copies the
 * bare number; a screen reader gets the groups as text.
 */
function Groups({ groups }: { groups: readonly string[] }) {
  return (
    <>
      <span class="groups" aria-hidden="true">
        {groups.map((group, i) => (
          <span key={`${i}${group}`}>{group}</span>
        ))}
      </span>
      <span class="unseen unselectable">{groups.join(' ')}</span>
    </>
  );
}

/** In fours as on a bank card, unless the gateway has put its own marks in. */
function groupAccount(account: string): readonly string[] {
  return /^\w+$/.test(account) ? groupByFour(account) : [account];
}

function AtmScreen({ scene, given }: { scene: Scene; given: Of<'atm'> }) {
  const { say } = scene;
  const code = cleanText(given.bankCode ?? '');
  const account = cleanText(given.virtualAccount);
  return (
    <>
      <section class="block" data-block>
        <dl class="number">
          {code !== '' && <Bank scene={scene} code={code} />}
          <dt>{say('atm.account')}</dt>
          <dd class="code">
            <Groups groups={groupAccount(account)} />
          </dd>
        </dl>
        <CopyButton scene={scene} text={account} label={say('atm.copy')} />
        <AccountPage scene={scene} given={given} />
      </section>
      <AtmSteps scene={scene} given={given} />
      <Carry scene={scene} always={false} />
    </>
  );
}

function Bank({ scene, code }: { scene: Scene; code: string }) {
  const name = nameBank(code);
  return (
    <>
      <dt>{scene.say('atm.bank')}</dt>
      <dd class="bank">
        <strong>{code}</strong> {name && <span lang="zh-Hant-TW">{name}</span>}
      </dd>
    </>
  );
}

/** The gateway's page about the account. Where the gateway names no bank it is needed, and so a button. */
function AccountPage({ scene, given }: { scene: Scene; given: Of<'atm'> }) {
  const url = safeUrl(given.payUrl);
  if (!url) return null;
  const label = scene.say('atm.page', { gateway: scene.gateway });
  if (!given.bankCode) {
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

function AtmSteps({ scene, given }: { scene: Scene; given: Of<'atm'> }) {
  const { say, gateway } = scene;
  const code = cleanText(given.bankCode ?? '');
  const transfer = code === '' ? say('atm.step.page', { gateway }) : say('atm.step.bank', { code });
  return (
    <Steps
      title={say('steps.title')}
      steps={[
        say('atm.step.open'),
        ...(code === '' && !safeUrl(given.payUrl) ? [] : [transfer]),
        say('atm.step.account', { amount: scene.money }),
        say('atm.step.done'),
      ]}
    >
      <GuideLink scene={scene} />
    </Steps>
  );
}

const STORES: readonly (readonly [Store, TextKey, string])[] = [
  ['ibon', 'store.ibon', 'ibon'],
  ['famiport', 'store.famiport', 'FamiPort'],
  ['lifeet', 'store.lifeet', 'Life-ET'],
  ['okgo', 'store.okgo', 'OK-go'],
];

function CodeScreen({ scene, given }: { scene: Scene; given: Of<'cvs'> }) {
  const { say } = scene;
  const code = cleanText(given.paymentCode);
  const url = safeUrl(given.paymentCodeUrl);
  const tied = given.stores ?? [];
  const stores = STORES.filter(([store]) => tied.length === 0 || tied.includes(store));
  return (
    <>
      <section class="block" data-block>
        <dl class="number">
          <dt>{say('cvs.code')}</dt>
          <dd class="code">
            <Groups groups={groupEvenly(code)} />
          </dd>
        </dl>
        <CopyButton scene={scene} text={code} label={say('cvs.copy')} />
        {url && (
          <p class="aside">
            <OutLink href={url}>{say('cvs.page', { gateway: scene.gateway })}</OutLink>
          </p>
        )}
      </section>
      <section class="stores">
        <h2>{say('cvs.stores')}</h2>
        <dl>
          {stores.map(([store, key, machine]) => (
            <div key={store}>
              <dt>{say(key)}</dt>
              <dd>{machine}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Steps
        title={say('steps.title')}
        steps={[
          say('cvs.step.machine'),
          say('cvs.step.code', { amount: scene.money }),
          say('cvs.step.print'),
          say('cvs.step.done'),
        ]}
      >
        <GuideLink scene={scene} />
      </Steps>
      <Carry scene={scene} always={false} />
    </>
  );
}

function BarcodeScreen({ scene, given }: { scene: Scene; given: Of<'barcode'> }) {
  const { say } = scene;
  return (
    <>
      <section class="block flush" data-block>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls */}
        <div class="bars" data-bars role="group" aria-label={say('barcode.group')}>
          {given.barcodes.map((raw, i) => {
            const text = cleanText(raw);
            const shape = scene.barcodes[i];
            const label = say('barcode.label', { number: i + 1, text });
            return (
              <figure key={`${i}${text}`} data-barcode={i + 1}>
                {shape ? <Code39 shape={shape} label={label} /> : <p>{say('barcode.broken')}</p>}
                <figcaption aria-hidden={shape ? 'true' : undefined}>{text}</figcaption>
              </figure>
            );
          })}
        </div>
      </section>
      <Steps
        title={say('steps.title')}
        steps={[
          say('barcode.step.bright'),
          say('barcode.step.counter'),
          say('barcode.step.scan'),
          say('barcode.step.done'),
        ]}
      >
        {/* The address, never the numbers: typed in by hand they are of no use at the counter. */}
        {scene.pageUrl && <CopyButton scene={scene} text={scene.pageUrl} label={say('barcode.copy')} quiet />}
        <GuideLink scene={scene} />
      </Steps>
      <Carry scene={scene} always />
    </>
  );
}
