import { cleanText, safePath } from '../safe.ts';
import { speak } from '../text.ts';
import { GuideLink } from './buttons.tsx';
import { checkModel } from './checked.ts';
import { Details } from './details.tsx';
import { renderDocument } from './document.tsx';
import { ElementScreen } from './element.tsx';
import { HomeLink } from './home.tsx';
import { InAppHint } from './in-app.tsx';
import { InSiteScreen } from './insite.tsx';
import { InstructionScreen } from './instructions.tsx';
import { ChooseScreen, OtherWays } from './method-selection.tsx';
import type { PageModel, Screen } from './model.ts';
import { CancelledScreen, ExpiredScreen, FailedScreen, PaidScreen, Receipt, WaitingScreen } from './outcome.tsx';
import { OverdueNote } from './overdue.tsx';
import { encodeSymbols, type Symbols } from './shapes.ts';
import { GoScreen } from './start.tsx';
import { isOver, Summary } from './summary.tsx';
import { moneyOf, titleKey } from './words.ts';

interface Drawn {
  readonly model: PageModel;
  readonly symbols: Symbols;
}

const SCREENS: Readonly<Record<Screen, (props: Drawn) => ReturnType<typeof GoScreen> | null>> = {
  choose: ChooseScreen,
  instructions: InstructionScreen,
  go: GoScreen,
  insite: InSiteScreen,
  element: ElementScreen,
  waiting: WaitingScreen,
  paid: PaidScreen,
  expired: ExpiredScreen,
  failed: FailedScreen,
  cancelled: CancelledScreen,
};

/** The payer's page, complete as it leaves the server; checkout.js only keeps it fresh. */
export async function renderPaymentPage(unchecked: PageModel): Promise<string> {
  const model = checkModel(unchecked);
  const { locale, shopName } = model;
  const say = speak(locale);
  return renderDocument({
    locale,
    title: say('page.title', { title: say(titleKey(model)), amount: moneyOf(model), shop: shopName }),
    shopName,
    homeUrl: model.homeUrl,
    brand: model.brand,
    secure: model.pageUrl?.startsWith('https:') ?? false,
    test: !model.livemode,
    practiceUrl: model.practiceUrl ?? null,
    languages: model.languages,
    scripts: ['checkout', ...scriptOf(model)],
    foot: <Foot model={model} />,
    children: (
      <>
        <Main model={model} symbols={await encodeSymbols(model)} />
        {/* Last on the page, so that nothing moves when it comes. */}
        <p class="lost" hidden data-lost>
          {say('page.lost')}
        </p>
      </>
    ),
  });
}

/** The script that draws the gateway's form. */
function scriptOf({ screen, element }: PageModel): readonly string[] {
  if (screen === 'insite') return ['insite'];
  return element ? [element.gateway] : [];
}

/** Path and query of this page. */
function pathOf({ languages, locale }: PageModel): string {
  return safePath(languages.find((one) => one.locale === locale)?.href ?? null) ?? '';
}

/** Style sheets know a screen of instructions by what there is to pay with. */
function listGiven({ screen, instructions }: PageModel): readonly string[] {
  return screen === 'instructions' && instructions ? [`gives-${instructions.type}`] : [];
}

function Main({ model, symbols }: Drawn) {
  const Body = SCREENS[model.screen];
  return (
    <main
      class={['card', `screen-${model.screen}`, ...listGiven(model)].join(' ')}
      data-payment-no={model.paymentNo}
      data-status={model.status}
      data-method={cleanText(model.method)}
      data-revision={model.revision}
      data-screen={model.screen}
      data-script={scriptOf(model)[0]}
      data-status-url={model.statusUrl ?? undefined}
      data-returned={model.returned ? pathOf(model) : undefined}
      data-now={model.now}
    >
      <OverdueNote model={model} />
      <Summary model={model} />
      <InAppHint model={model} />
      <Body model={model} symbols={symbols} />
      <OtherWays model={model} />
      <HomeLink model={model} />
      <Details model={model} />
      {model.screen === 'paid' && <Receipt model={model} />}
    </main>
  );
}

function Foot({ model }: { model: PageModel }) {
  const { gateway, screen, instructions } = model;
  return (
    <>
      {/* Nobody takes the money while the payer chooses. */}
      {gateway !== '' && screen !== 'choose' && (
        <p>
          <bdi>{speak(model.locale)('page.processor', { gateway })}</bdi>
        </p>
      )}
      {/* Where there is a number to pay with, the guide stands beside its steps. */}
      {!isOver(screen) && (screen !== 'instructions' || instructions === null) && <GuideLink model={model} />}
    </>
  );
}
