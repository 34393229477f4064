import type { Instructions, PayNumber, Store } from '../../core/attempt.ts';
import type { Locale } from '../../core/locale.ts';
import type { MethodHint, MethodKind } from '../../core/method-kind.ts';
import type { BuyerField } from '../../core/payer.ts';
import type { Flag, PaymentStatus } from '../../core/payment.ts';

/**
 * Everything a payer page shows, as plain data. The page decides nothing about money: which screen it is, what may be done
 * next and every address come ready made, so that pages stay pure functions from data to HTML.
 */
export interface PageModel extends ShopSign {
  readonly locale: Locale;
  /** Milliseconds since the epoch, the server's clock when the page was made. */
  readonly now: number;
  readonly screen: Screen;
  readonly paymentNo: string;
  /** Empty when it says nothing to the payer: he has never seen the number of a payment link's order. */
  readonly merchantOrderNo: string;
  /** By the name that payers know; empty while none is chosen. */
  readonly gateway: string;
  /** Last part of the route: `atm`, `cvs`, `barcode`, `credit`, `all`. */
  readonly method: string;
  readonly status: PaymentStatus;
  readonly flags: readonly Flag[];
  readonly livemode: boolean;
  /** ISO 4217 minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly itemName: string | null;
  readonly instructions: Instructions | null;
  /** The gateway's own guide for paying with this method. */
  readonly guideUrl: string | null;
  /** Deadline of the current attempt. */
  readonly deadline: number | null;
  /** The number's deadline is over, and what was paid with it in time may still be on its way. */
  readonly isOverdue?: boolean;
  /** IANA zone of the merchant's clocks; Taipei unless given. */
  readonly timezone?: string;
  /** Where the deadline is to be had for a calendar (path and query), where there is one to be kept. */
  readonly calendarUrl?: string | null;
  readonly paidAt: number | null;
  /** The card it was paid with, as much of it as the payer may see; null: none, or nothing is known of it. */
  readonly card?: { readonly last4: string; readonly bank: string | null } | null;
  /** Absolute address of this page with its token: what is copied and what the QR code holds. */
  readonly pageUrl: string | null;
  /** The same page in every other language, path and query. */
  readonly languages: readonly { readonly locale: Locale; readonly href: string }[];
  /** Where the pay button posts to (path and query); null when nothing can be started here. */
  readonly startAction: string | null;
  /** The gateway has a form of its own that is shown on the `element` screen, not a page to go to. */
  readonly paysHere?: boolean;
  /** The QR code for a wallet as a picture to save (path and query). */
  readonly pictureUrl?: string | null;
  /** Set on the `go` screen when the gateway wants to know something of the payer first. */
  readonly asks?: readonly Asked[];
  /** Set on the `insite` screen: paying in the page with the gateway's own form. */
  readonly inSite?: InSiteForm;
  /** Set on the `element` screen: the gateway's form in the page, which pays without us. */
  readonly element?: ElementForm;
  /** Set where the way to pay may fail in the browser that the page is open in: that of another app. */
  readonly inApp?: InApp;
  /** What happened on the way here that the payer should know. */
  readonly notice: Notice | null;
  /** The payer has just come back from the gateway, or sent a form: nothing starts by itself, and the address becomes the page’s. */
  readonly returned: boolean;
  /** Set while the payer may choose the way to pay. */
  readonly change?: MethodSelection;
  /** Answers `{status, revision}` (path and query). */
  readonly statusUrl: string | null;
  /** Changes whenever the page would look different. */
  readonly revision: string;
  /** The shop's address after paying; it already carries `payment_no`, `merchant_order_no` and `status`. */
  readonly successUrl: string | null;
  /** Where a simulated payment is paid by a press; null of everything else. */
  readonly practiceUrl?: string | null;
}

/** Whose page it is, and the way back there: what every page shows that may say so. */
export interface ShopSign {
  readonly shopName: string;
  /** What the merchant chose for these pages. */
  readonly brand?: Brand;
  /** Where the shop's name and "back to the shop" lead; of a payment, it already carries its numbers and status. */
  readonly homeUrl?: string | null;
  /** False: a test, which is marked. */
  readonly livemode?: boolean;
}

/**
 * `choose`: the ways to pay. `instructions`: a number to pay with. `go`: a button that leads to the gateway. `waiting`: asked for, not here yet
 * (outcome unknown, or the payer has gone to the gateway and the answer is on its way). `insite` and `element`: a form of
 * the gateway in the page; with the first we pay, with the second the browser does. `cancelled`: somebody has ended it.
 */
export type Screen =
  | 'choose'
  | 'instructions'
  | 'go'
  | 'insite'
  | 'element'
  | 'waiting'
  | 'paid'
  | 'expired'
  | 'failed'
  | 'cancelled';

/** The ways to pay a payer may choose from; all addresses are path and query. */
export interface MethodSelection {
  /** The page that shows them. */
  readonly listUrl: string | null;
  /** POST `route`. */
  readonly action: string | null;
  readonly choices: readonly Choice[];
}

/** A row to choose: of one kind there are two only where neither does all that the other does. */
export interface Choice {
  readonly route: string;
  /** By the name that payers know. */
  readonly gateway: string;
  readonly kind: MethodKind;
  readonly hint: MethodHint;
  /** Chains where it is paid. */
  readonly stores: readonly Store[];
  /** The payer has such a number of it, and may still pay with that. */
  readonly held?: PayNumber['type'];
  /** Tried last time in vain. */
  readonly hasFailed?: boolean;
  /** What the page is about now. */
  readonly isCurrent?: boolean;
}

export interface InApp {
  readonly app: string;
  /** Opens this page outside of the app by one tap; null: the app has no such thing. */
  readonly openUrl: string | null;
}

/** A field that the button of the `go` screen is sent with. */
export interface Asked {
  readonly field: BuyerField;
  /** What was sent; empty at first. */
  readonly value: string;
  readonly isWrong: boolean;
}

export type Notice = 'declined' | 'cancelled' | 'capture_failed';

/** Null: nothing was chosen. */
export interface Brand {
  /** `#rrggbb`; as the merchant chose it, readable or not. */
  readonly accent: string | null;
  /** An https address; the page's policy has to let it in. */
  readonly logoUrl: string | null;
  /** Text: how the payer reaches the shop. */
  readonly contact: string | null;
}

/** For the script `web/{gateway}.js` of the `element` screen. */
export interface ElementForm {
  readonly gateway: string;
  readonly scriptUrl: string | null;
  readonly settings: Readonly<Record<string, string>>;
}

/** Addresses for the script of the `insite` screen (path and query). */
export interface InSiteForm {
  /** POST: `{success, data: {token, script_url, settings, expires_in_ms}}`. */
  readonly formUrl: string | null;
  /** POST `{PayToken}`: `{success, data: {redirect_url?, status, …}}`, or an error in the shape of the API. */
  readonly payUrl: string | null;
}

/** A page that carries the payer to the gateway by a form post. */
export interface FormPostModel extends ShopSign {
  readonly locale: Locale;
  readonly gatewayName: string;
  readonly itemName?: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly backUrl: string;
}

/** What there is to pay with, of one kind. */
export type Given<Type extends Instructions['type']> = Extract<Instructions, { type: Type }>;
