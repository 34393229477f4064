import type { ComponentChildren } from 'preact';
import type { DeskLocale } from '../../core/locale.ts';
import type { KeyKind } from '../../core/payment.ts';
import type { Person } from '../../core/person.ts';
import type { DeskText, Say } from './texts.ts';

/** Names of the desk's pages: they stand in `data-page`, where programs look for them. */
export const PAGES = [
  'overview',
  'attention',
  'payments',
  'payment',
  'refunds',
  'links',
  'deliveries',
  'unmatched',
  'projects',
  'project',
  'callbacks',
  'people',
  'audit',
  'backups',
  'settings',
  'login',
  'setup',
] as const;
export type PageName = (typeof PAGES)[number];

/** What is looked at: one shop or all of them, real money or tests. Kept from page to page. */
export interface View {
  /** Null: all of them. */
  readonly projectId: number | null;
  readonly kind: KeyKind;
}

/** What every page of the desk is drawn with. */
export interface Frame {
  readonly locale: DeskLocale;
  readonly say: Say;
  /** Null on pages before signing in. */
  readonly person: Person | null;
  /** Stands in every form of the page. */
  readonly csrf: string;
  readonly view: View;
  readonly projects: readonly { readonly id: number; readonly name: string }[];
  /** Path and query of the page. */
  readonly address: string;
  /** IANA name: in which times and days are shown. */
  readonly timezone: string;
  readonly now: number;
  /** What was done just now, said once. */
  readonly notice: string | null;
  /** Numbers beside the names of pages. */
  readonly badges: Readonly<Partial<Record<PageName, number>>>;
}

/** A page's own part. */
export interface Shown {
  readonly title: string;
  readonly body: ComponentChildren;
  /** `data-…` of `<main>` besides the page's name. */
  readonly data?: Readonly<Record<string, string>>;
  /** Names of files in `web/` besides `admin`. */
  readonly scripts?: readonly string[];
  /** Where pictures come from besides us. */
  readonly pictures?: readonly string[];
  /** 200 unless said. */
  readonly status?: number;
}

/** What went wrong with a form that is shown again. */
export interface Problem {
  /** One sentence for the whole form, in the page's language. */
  readonly message: string;
  /** By field, in the page's language. */
  readonly fields: Readonly<Record<string, string>>;
  /** What was sent, to be filled in again; never a password or a secret. */
  readonly given: Readonly<Record<string, string>>;
}

export type { DeskText, Say };
