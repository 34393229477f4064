import type { Locale } from '../../core/locale.ts';
import type { Bound } from '../bind.ts';
import { noteLanguage } from '../commands/languages.ts';

/** In which language payers are away at gateways. */
export interface LanguageStore {
  /** Of the page that led the payer away to the gateway, where the attempt was opened in another. */
  noteLanguage(attemptId: number, locale: Locale): Promise<void>;
}

export function languageStore({ command }: Bound): LanguageStore {
  return { noteLanguage: command(noteLanguage) };
}
