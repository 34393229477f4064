/** What the scripts of this folder give each other, and what the scripts of gateways give them. */

export type State = 'loading' | 'ready' | 'paying' | 'failed';

/** What is said, in the payer's language, by the names the page gives it. */
export interface Texts {
  readonly loading: string;
  readonly failed: string;
  /** The gateway does not take this payment. */
  readonly closed: string;
}

export interface StripeTexts extends Texts {
  readonly paying: string;
  readonly refused: string;
  readonly unclear: string;
}

export interface InSiteTexts extends Texts {
  readonly renewed: string;
  readonly again: string;
  readonly paying: string;
  readonly leaving: string;
  readonly asking: string;
  readonly refused: string;
  readonly reason: string;
}

/** `text`: what is said once the form is there. `renew`: on a new token. */
export interface Wish {
  readonly text?: string;
  readonly renew?: boolean;
}

/** False for whoever was overtaken, and has to keep quiet. */
export type IsCurrent = () => boolean;

/** The place of a gateway's form in our page. */
export interface Form<Said extends Texts> {
  readonly box: HTMLElement;
  readonly texts: Said;
  is(state: State): boolean;
  show(state: State, text?: string): void;
  /** Begins something; whatever was under way is overtaken by it. */
  takeTurn(): IsCurrent;
  draw(wish?: Wish): Promise<void>;
}

/** What one gateway's form needs. */
export interface Gateway<Said extends Texts> {
  /** Finds the place. */
  readonly box: string;
  /** The word in `data-{hook}-pay`. */
  readonly hook: string;
  /** With which wish the form is drawn for the first time. */
  begin?(form: Form<Said>): Wish;
  /** Answers what to say once the form can be filled in; null when there is no more to do here. */
  draw(form: Form<Said>, isCurrent: IsCurrent, wish: Wish): Promise<string | null>;
  /** Why the form could not be drawn, where there is more to say than that. */
  explain?(form: Form<Said>, reason: unknown): string;
  pay(form: Form<Said>, isCurrent: IsCurrent): Promise<void>;
  /** Back without a reload from where `pay` has sent the browser. */
  resume(form: Form<Said>): void;
}

/** Our server's answers to the form of ECPay. */
export interface InSiteAnswer {
  readonly status: number;
  readonly data?: {
    readonly token: string;
    readonly script_url: string;
    readonly settings: { readonly environment: string; readonly language: string };
    readonly expires_in_ms: number;
    readonly redirect_url?: string;
  };
  readonly error?: { readonly gateway?: { readonly message?: string } };
}

/** As far as we call it (ECPay developer documentation, page 8989). */
export interface ECPayScript {
  initialize(environment: string, type: number, done: (error?: unknown) => void): void;
  createPayment(token: string, language: string, done: (error?: unknown) => void, version: string): void;
  getPayToken(done: (given: { readonly PayToken: string } | null, error?: unknown) => void): void;
  getLanguage?(): string;
}

export interface StripeSettings {
  readonly publishableKey: string;
  readonly clientSecret: string;
  readonly returnUrl: string;
  readonly locale?: string;
}

export interface StripeError {
  readonly type?: string;
  readonly code?: string;
  readonly message?: string;
}

export interface StripeElement {
  on(event: string, handler: (detail?: { readonly error?: StripeError }) => void): unknown;
  mount(place: Element): void;
}

export interface StripeElements {
  create(type: 'payment'): StripeElement;
}

/** As far as we call it (Stripe.js reference). */
export type StripeScript = (
  key: string,
  options: { readonly locale?: string },
) => {
  elements(options: object): StripeElements;
  confirmPayment(options: {
    readonly elements: StripeElements;
    readonly confirmParams: { readonly return_url: string };
  }): Promise<{ error?: StripeError }>;
};

/** As much of Swagger UI as our plugins use. */
export interface SwaggerUi {
  readonly React: { createElement(type: unknown, props: object | null, ...children: unknown[]): unknown };
  readonly specActions: { updateJsonSpec(document: object): unknown; updateUrl(url: string): void };
  readonly layoutSelectors: { currentFilter(): unknown };
  readonly authSelectors: { authorized(): SwaggerMap | undefined };
  preauthorizeApiKey(scheme: string, key: string): void;
  render(place: Element | null, component: string): void;
}

/** Its data are maps and lists of Immutable. */
export interface SwaggerMap {
  readonly size: number;
  get(name: 'operations'): {
    filter(test: (one: SwaggerMap) => boolean): { readonly size: number };
    readonly size: number;
  };
  get(name: string): unknown;
  getIn(path: readonly string[]): unknown;
  set(name: string, value: unknown): SwaggerMap;
}

/** Properties of its components. */
export interface SwaggerProps {
  readonly description?: unknown;
  readonly schema?: SwaggerMap;
  readonly path?: string;
  readonly method?: string;
  readonly text?: unknown;
  readonly className?: string;
  readonly children?: unknown;
}

/** As much of the API's document as the page itself reads. */
export interface ShownDocument {
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>;
}
