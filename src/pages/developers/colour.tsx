import type { ComponentChildren } from 'preact';

/** Names of members, texts and comments are all that is told apart: enough to find one's way in a language of any kind. */
const PIECES =
  /(?<key>"(?:\\.|[^"\\\n])*"(?=\s*:))|(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?<comment>(?:^|\s)(?:#|\/\/) .*$)/gm;

const CLASSES = [
  ['key', 'c-key'],
  ['string', 'c-text'],
  ['comment', 'c-note'],
] as const;

export function colour(code: string): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const found of code.matchAll(PIECES)) {
    const [text] = found;
    const name = CLASSES.find(([group]) => found.groups?.[group] !== undefined)?.[1];
    parts.push(code.slice(from, found.index), <span class={name}>{text}</span>);
    from = found.index + text.length;
  }
  return [...parts, code.slice(from)];
}
