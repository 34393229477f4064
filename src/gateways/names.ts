import type { Locale } from '../core/locale.ts';
import type { Gateway } from './gateway.ts';

/** What payers who read this language call the gateway; empty where there is none. */
export function nameFor(gateway: Pick<Gateway, 'name' | 'names'> | null | undefined, locale: Locale): string {
  return gateway?.names?.[locale] ?? gateway?.names?.en ?? gateway?.name ?? '';
}
