import type { DeskLocale } from '../../../core/locale.ts';
import { sayOf, speakDesk } from '../../../pages/admin/texts.ts';
import type { Reader } from './cells.ts';

/** What stands above the columns: for programs names that stay, for people their language. */
export function columnNames(reader: Reader, locale: DeskLocale): (column: string) => string {
  const say = speakDesk(locale);
  return (column) => (reader === 'program' ? column : sayOf(say, 'column', column));
}
