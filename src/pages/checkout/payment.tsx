import { cleanText } from '../safe.ts';
import { GuideLink } from './buttons.tsx';
import { renderDocument } from './document.tsx';
import { ElementScreen } from './element.tsx';
import { InSiteScreen } from './insite.tsx';
import { InstructionScreen } from './instructions.tsx';
import { ChangeLink, ChooseScreen } from './method-selection.tsx';
import { ExpiredScreen, FailedScreen, PaidScreen, Receipt, WaitingScreen } from './outcome.tsx';
import { Details, Summary } from './parts.tsx';
import { prepareScene, type Scene } from './scene.ts';
import { GoScreen } from './start.tsx';
import type { PaymentView, Screen } from './view.ts';

const SCREENS: Readonly<Record<Screen, (props: { scene: Scene }) => ReturnType<typeof GoScreen> | null>> = {
  choose: ChooseScreen,
  instructions: InstructionScreen,
  go: GoScreen,
  insite: InSiteScreen,
  element: ElementScreen,
  waiting: WaitingScreen,
  paid: PaidScreen,
  expired: ExpiredScreen,
  failed: FailedScreen,
};

/** The payer's page, complete as it leaves the server; checkout.js only keeps it fresh. */
export async function renderPaymentPage(view: PaymentView): Promise<string> {
  const scene = await prepareScene(view);
  const { say, shop, title, money } = scene;
  return renderDocument({
    locale: view.locale,
    title: say('page.title', { title, amount: money, shop }),
    shopName: view.shopName,
    brand: view.brand,
    secure: scene.pageUrl?.startsWith('https:') ?? false,
    test: !view.livemode,
    languages: view.languages,
    scripts: ['checkout', ...scriptOf(view)],
    foot: <Foot scene={scene} />,
    children: <Main scene={scene} />,
  });
}

/** The script that draws the gateway's form. */
function scriptOf(view: PaymentView): readonly string[] {
  if (view.screen === 'insite') return ['insite'];
  return view.element ? [view.element.gateway] : [];
}

function Main({ scene }: { scene: Scene }) {
  const { view } = scene;
  const Body = SCREENS[view.screen];
  return (
    <main
      class={`card screen-${view.screen}`}
      data-payment-no={view.paymentNo}
      data-status={view.status}
      data-method={cleanText(view.method)}
      data-revision={view.revision}
      data-screen={view.screen}
      data-script={scriptOf(view)[0]}
      data-status-url={scene.statusUrl ?? undefined}
      data-returned={view.returned ? (scene.pagePath ?? '') : undefined}
      data-now={view.now}
    >
      <Summary scene={scene} />
      <Body scene={scene} />
      <ChangeLink scene={scene} />
      <Details scene={scene} />
      {view.screen === 'paid' && <Receipt scene={scene} />}
    </main>
  );
}

function Foot({ scene }: { scene: Scene }) {
  const { say, gateway } = scene;
  return (
    <>
      {gateway !== '' && (
        <p>
          <bdi>{say('page.processor', { gateway })}</bdi>
        </p>
      )}
      {scene.instructions === null && <GuideLink scene={scene} />}
    </>
  );
}
