import type { StripeElement, StripeElements, StripeError } from './types';

/** What the stand-ins for the scripts of gateways give each other and take from the simulator. */

/** A way to pay in the stand-in for ECPay's form. */
export interface PaymentMethod {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
}

/** What the simulator of ECPay says to its own script. */
export interface TokenAnswer {
  readonly error?: { readonly message: string };
  readonly Methods: readonly PaymentMethod[];
  readonly PayToken: string;
}

/** Addresses where the payer goes on; only one of them is there. */
export interface Away {
  readonly url?: string;
  readonly hosted_instructions_url?: string;
  readonly stripe_js?: string;
}

/** `type` names the property that holds the addresses. */
export type NextAction = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A PaymentIntent, or as much of it as a payment method has. */
export interface StripeObject {
  readonly error?: undefined;
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly client_secret: string;
  readonly payment_method_types: readonly string[];
  readonly next_action?: NextAction;
}

export type StripeAnswer = StripeObject | { readonly error: StripeError };

export type Ask = (
  method: 'GET' | 'POST',
  path: string,
  key: string | undefined,
  values: Readonly<Record<string, unknown>>,
) => Promise<StripeAnswer>;

/** What the frame makes of what was typed. */
export interface Submitted {
  readonly error?: StripeError | undefined;
  readonly method?: { readonly id: string; readonly type: string };
}

export type FieldName = 'number' | 'expiry' | 'cvc' | 'email' | 'bank';

/** What the payer has typed into the frame. */
export type Typed = { readonly [Name in FieldName]?: string };

export interface ElementsOptions {
  readonly clientSecret?: string;
  readonly locale?: string | undefined;
}

export interface SimulatedElement extends StripeElement {
  unmount(): void;
  destroy(): void;
  off(name: string, handler?: (detail: object) => void): SimulatedElement;
  /** Has the frame make a payment method of what was typed. */
  submit(): Promise<Submitted>;
}

export interface SimulatedElements extends StripeElements {
  readonly options: ElementsOptions;
  create(type: string): SimulatedElement;
  getElement(type: string): SimulatedElement | null;
  submit(): Promise<Submitted>;
}

export interface Confirmation {
  readonly elements?: StripeElements;
  readonly confirmParams?: {
    readonly return_url?: string;
    readonly receipt_email?: string;
    readonly shipping?: object;
  };
  readonly redirect?: string;
}

/** What the script of the frame takes from the script of the page, which is loaded before it. */
export interface StripeWire {
  readonly ask: Ask;
  readonly CHANNEL: string;
  readonly SECRET: RegExp;
}
