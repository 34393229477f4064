import type { AmountProblem, LinkState } from '../../core/link.ts';
import type { Locale } from '../../core/locale.ts';
import type { PageModel, ShopSign } from './model.ts';

/** Everything a payment link's page shows. Amounts are in ISO 4217 minor units. */
export interface LinkPageModel extends ShopSign {
  readonly locale: Locale;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `begun`: somebody is about to pay, and can only go on. */
  readonly state: LinkState | 'begun';
  readonly linkNo: string;
  readonly title: string;
  readonly itemName: string | null;
  readonly livemode: boolean;
  readonly currency: string;
  /** Null: the payer enters it. */
  readonly amount: number | null;
  /** What the payer may enter at least and at most; `has…`: the shop has said so. */
  readonly min: number;
  readonly max: number;
  readonly hasMin: boolean;
  readonly hasMax: boolean;
  readonly expiresAt: number | null;
  /** What the payer has entered before. */
  readonly form: LinkForm;
  readonly problems: LinkProblems;
  /** Goes along with the form: sent off twice, this page means one payment. */
  readonly formKey: string;
  /** Where the form is posted to, and the page's own path. */
  readonly action: string;
  readonly isSecure: boolean;
  readonly languages: PageModel['languages'];
}

/** By the names of the form's fields. */
export interface LinkForm {
  readonly amount: string;
  readonly buyer_name: string;
  readonly buyer_email: string;
}

export interface LinkProblems {
  readonly amount?: AmountProblem;
  readonly buyer_name?: 'long';
  readonly buyer_email?: 'format';
}
