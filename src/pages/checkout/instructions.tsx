import type { Instructions, Store } from '../../core/attempt.ts';
import { nameBank } from '../../core/banks.ts';
import { groupByFour, groupEvenly } from '../format.ts';
import { cleanText, safeUrl } from '../safe.ts';
import type { TextKey } from '../text.ts';
import { Code39 } from './barcode.tsx';
import { GoForm } from './outcome.tsx';
import { Carry, CopyButton, GuideLink, NoticeLine, OutLink, Steps } from './parts.tsx';
import { Qr } from './qr.tsx';
import { methodKey, type Scene, walletKey } from './scene.ts';

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

function AtmScreen({ scene, given }: { scene: Scene; given: Of<'atm'> }) {
  const { say } = scene;
  const code = cleanText(given.bankCode ?? '');
  const account = cleanText(given.virtualAccount);
  const name = nameBank(given.bankCode ?? '');
  const payUrl = safeUrl(given.payUrl);
  return (
    <>
      <section class="block" data-block>
        <dl class="number">
          {code !== '' && <dt>{say('atm.bank')}</dt>}
          {code !== '' && (
            <dd class="bank">
              <strong>{code}</strong> {name && <span lang="zh-Hant-TW">{name}</span>}
            </dd>
          )}
          <dt>{say('atm.account')}</dt>
          <dd class="code">
            <Groups groups={groupByFour(account)} />
          </dd>
        </dl>
        <CopyButton scene={scene} text={account} label={say('atm.copy')} />
        {payUrl && (
          <p class="aside">
            <OutLink href={payUrl}>{say('atm.page', { gateway: scene.gateway })}</OutLink>
          </p>
        )}
      </section>
      <Steps
        title={say('steps.title')}
        steps={[
          say('atm.step.open'),
          ...(code === '' ? [] : [say('atm.step.bank', { code })]),
          say('atm.step.account', { amount: scene.money }),
          say('atm.step.done'),
        ]}
      >
        <GuideLink scene={scene} />
      </Steps>
      <Carry scene={scene} always={false} />
    </>
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
  const stores = STORES.filter(([store]) => given.stores?.includes(store) ?? true);
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

/** A code for a wallet. On the phone that holds the wallet it is taken over as a picture. */
function QrScreen({ scene }: { scene: Scene }) {
  const { say, view, payQr } = scene;
  const app = say(walletKey(view.method));
  return (
    <>
      <NoticeLine scene={scene} />
      <section class="block" data-block>
        <div class="pay-qr" data-pay-qr>
          {payQr ? (
            <Qr shape={payQr} label={say('qr.label', { method: say(methodKey(view.method)) })} />
          ) : (
            say('qr.broken')
          )}
        </div>
      </section>
      <Steps
        title={say('steps.title')}
        steps={[
          say('qr.step.open', { app }),
          say('qr.step.scan'),
          say('qr.step.check', { amount: scene.money }),
          say('qr.step.phone', { app }),
        ]}
      />
      <GoForm scene={scene} label={say('qr.renew')} quiet />
    </>
  );
}
