import { readAssetNow } from '../assets.ts';
import type { DeskLocale } from '../core/locale.ts';
import { GUIDES, type Guide, type GuideName, type Heading } from './types.ts';

/** The address of the installation, where a guide names it. */
const URL_PLACE = '{{url}}';

/** Every guide in this language, for an installation at this address. Throws when one is not written as guides are. */
export function readGuides(locale: DeskLocale, url: string): readonly Guide[] {
  return GUIDES.map((id) => readGuide(id, readAssetNow(`developers/${locale}/${id}.md`).replaceAll(URL_PLACE, url)));
}

/** The title stands in the first line, after `# `. */
export function readGuide(id: GuideName, file: string): Guide {
  const [, title, text] = /^# (.+)\n+([\s\S]*)$/.exec(file) ?? [];
  if (title === undefined || text === undefined) throw new Error(`the guide ${id} has no title`);
  const headings: Heading[] = [];
  const lines = mapProse(text, (line) => {
    const [, marks, heading] = /^(#+) (.+)$/.exec(line) ?? [];
    if (marks === undefined || heading === undefined) return line;
    const found = readHeading(id, marks.length, heading);
    headings.push(found);
    return `${marks} ${found.title}`;
  });
  return { id, title, text: lines, headings };
}

/** `Signature {#signature}`: the id is written out, since it stays the same whatever the title says. */
function readHeading(guide: GuideName, level: number, text: string): Heading {
  const [, title, id] = /^(.+?) \{#([a-z0-9-]+)\}$/.exec(text) ?? [];
  if (title === undefined || id === undefined) throw new Error(`the guide ${guide} has no {#id} behind "${text}"`);
  return { level, title, id };
}

const FENCE = /^```/;

/** The text with its lines changed, those of code blocks left as they are. */
export function mapProse(text: string, change: (line: string) => string): string {
  let isCode = false;
  return text
    .split('\n')
    .map((line) => {
      if (FENCE.test(line)) {
        isCode = !isCode;
        return line;
      }
      return isCode ? line : change(line);
    })
    .join('\n');
}
