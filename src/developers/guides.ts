import { readAssetNow } from '../assets.ts';
import type { DeskLocale } from '../core/locale.ts';
import { GUIDES, type Guide, type GuideName } from './types.ts';

/** The address of the installation, where a guide names it. */
const URL_PLACE = '{{url}}';

/** Every guide in this language, for an installation at this address. Throws when one is missing or has no title. */
export function readGuides(locale: DeskLocale, url: string): readonly Guide[] {
  return GUIDES.map((id) => readGuide(id, readAssetNow(`developers/${locale}/${id}.md`).replaceAll(URL_PLACE, url)));
}

/** The title stands in the first line, after `# `. */
function readGuide(id: GuideName, file: string): Guide {
  const [, title, text] = /^# (.+)\n+([\s\S]*)$/.exec(file) ?? [];
  if (title === undefined || text === undefined) throw new Error(`the guide ${id} has no title`);
  return { id, title, text };
}
