import { Marked } from 'marked';

/** A heading of a guide and what stands under it. */
export interface Section {
  /** Names its place on the page. */
  readonly id: string;
  readonly title: string;
  readonly depth: number;
  /** In plain words. */
  readonly text: string;
}

const reader = new Marked();

/** What stands under each heading of a guide, in order; what comes before the first one has no title. */
export function listSections(text: string): readonly Section[] {
  const sections: { id: string; title: string; depth: number; text: string }[] = [
    { id: '', title: '', depth: 1, text: '' },
  ];
  const taken = new Set<string>();
  for (const token of reader.lexer(text)) {
    const last = sections.at(-1);
    if (token.type === 'heading') {
      const title = plainText(token.text);
      sections.push({ id: slugOf(title, taken), title, depth: token.depth, text: '' });
    } else if (last && token.type !== 'code') last.text += ` ${plainText(token.raw)}`;
  }
  return sections.map((section) => ({ ...section, text: section.text.replace(/\s+/g, ' ').trim() }));
}

function slugOf(title: string, taken: Set<string>): string {
  const slug =
    title
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join('-') ?? 'section';
  let id = slug;
  for (let count = 2; taken.has(id); count += 1) id = `${slug}-${count}`;
  taken.add(id);
  return id;
}

/** A text without the marks of Markdown. */
export function plainText(text: string): string {
  return text
    .replace(/^@samples .*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`|]|\*\*|^#+ |^[-*] |^\d+\. /gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
