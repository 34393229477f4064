import type { Locale } from '../core/locale.ts';
import type { Gateway } from './gateway.ts';

/** What payers who read this language call the gateway. */
export function nameFor({ name, names }: Pick<Gateway, 'name' | 'names'>, locale: Locale): string {
  return names?.[locale] ?? names?.en ?? name;
}
