import type { ErrorRef } from '../core/errors.ts';
import type { DeskLocale } from '../core/locale.ts';
import type { Environment } from '../core/payment.ts';
import type { Secrets } from './context.ts';

export interface CredentialSchema {
  readonly fields: readonly CredentialField[];
  /** Also the answer when a request brings no credentials and none are stored. */
  readonly invalid: ErrorRef;
  /** Its text then, when it is not the code's own. */
  readonly missingMessage?: string;
  /** For an environment that is none of these, when it has a code of its own. */
  readonly environmentInvalid?: ErrorRef;
  /** Where the credentials themselves say which environment they are for. */
  readonly environmentOf?: (secrets: Secrets) => Environment;
  /** For production credentials with a test key, TEST_KEY_PRODUCTION unless given. */
  readonly productionRefusal?: ErrorRef;
  /** What single fields cannot say: the code when the set does not fit together. */
  readonly checkSet?: (secrets: Secrets) => ErrorRef | null;
  /** The field that names the merchant to the gateway; sealed callbacks are found by it. */
  readonly merchantField: string;
  /** The field that names a platform under whose number callbacks may come as well. */
  readonly platformField?: string;
  readonly environments: Readonly<Record<string, Environment>>;
  /** Where a merchant finds all this at the gateway. */
  readonly source?: CredentialSource;
}

/** A text in every language of the desk. */
export type Wording = Readonly<Record<DeskLocale, string>>;

export interface CredentialSource {
  readonly text: Wording;
  /** The gateway's own desk, by what it is for. */
  readonly urls: Readonly<Partial<Record<Environment, string>>>;
}

export interface CredentialField {
  readonly name: string;
  /** Other spellings that integrators use. */
  readonly aliases: readonly string[];
  readonly required: boolean;
  readonly pattern: RegExp;
  readonly expected: string;
  readonly description: string;
  readonly example: string;
  /** Code and text for this field, when it has its own. */
  readonly invalid?: ErrorRef;
  readonly message?: string;
  /** What the gateway's own desk calls it; its name unless given. */
  readonly label?: Wording;
  /** What a form says beside it: what it must look like, what it is for. */
  readonly hint?: Wording;
  /** Taken from requests that bring it; nothing uses it, so no form asks for it. */
  readonly isUnused?: true;
  /** No secret: it may be shown to payers and merchants, as the merchant's number may. */
  readonly isPublic?: true;
}
