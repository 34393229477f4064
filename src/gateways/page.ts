import type { Attempt, Fact } from '../core/attempt.ts';
import type { ErrorRef } from '../core/errors.ts';
import type { Environment } from '../core/payment.ts';
import type { VendorOrigins } from '../security/csp.ts';
import type { CreateInput } from './calls.ts';
import type { GatewayContext, Secrets } from './context.ts';

/** Origins a page may reach for the gateway's sake. */
export type { VendorOrigins as PageOrigins };

/** A form of the gateway in our page that pays without us: the browser talks to the gateway. */
export interface ElementDriver {
  /** What `web/{gateway}.js` needs; all of it may be seen by the payer. */
  describe(attempt: Attempt, secrets: Secrets, ctx: GatewayContext, environment: Environment): ElementForm;
  origins(ctx: Pick<GatewayContext, 'originOf'>, environment: Environment): VendorOrigins;
}

export interface ElementForm {
  readonly scriptUrl: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Paying inside our page: the gateway's script shows its form and hands the browser a token to pay with. */
export interface InSite {
  /** What `pay` refuses with. */
  readonly errors: readonly ErrorRef[];
  /** What the page's script needs. Throws like `create`. */
  prepare(input: CreateInput, ctx: GatewayContext): Promise<InSiteForm>;
  /** Pays. The answer is facts, or an address where the payer goes on. Throws like `create`. */
  pay(input: CreateInput & { readonly payToken: string }, ctx: GatewayContext): Promise<InSiteResult>;
  /** Origins of the gateway's script and of what it calls: what the page's policy must let in. */
  origins(ctx: Pick<GatewayContext, 'originOf'>, environment: Environment): VendorOrigins;
}

/** Handed to the page's script as it is. */
export interface InSiteForm {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly scriptUrl: string;
  readonly settings: Readonly<Record<string, string>>;
}

export type InSiteResult =
  | { readonly type: 'redirect'; readonly url: string }
  | { readonly type: 'facts'; readonly facts: readonly Fact[] };
