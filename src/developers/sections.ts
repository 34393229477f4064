import { Marked } from 'marked';
import type { Guide, Heading } from './types.ts';

/** A heading of a guide and what stands under it. */
export interface Section extends Heading {
  /** In plain words. */
  readonly text: string;
}

const reader = new Marked();

/** What stands before the first heading of a guide, and under each of them. */
export function listSections({ text, headings }: Pick<Guide, 'text' | 'headings'>): {
  readonly before: string;
  readonly sections: readonly Section[];
} {
  const texts = [''];
  for (const token of reader.lexer(text)) {
    if (token.type === 'heading') texts.push('');
    else if (token.type !== 'code') texts.push(`${texts.pop() ?? ''}\n${token.raw}`);
  }
  const [before = '', ...under] = texts.map(plainText);
  return { before, sections: headings.map((heading, at) => ({ ...heading, text: under[at] ?? '' })) };
}

/** A text without the marks of Markdown. */
export function plainText(text: string): string {
  return text
    .replace(/^@samples .*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`|]|\*\*|^#+ |^ *[-*] |^ *\d+\. /gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
