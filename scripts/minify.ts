/**
 * A style sheet without comments and without white space that says nothing. Nothing else is changed: rules and declarations
 * keep their order and their fallbacks for old browsers.
 */
export function minifyCss(css: string): string {
  const pieces = css.match(/"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\/\*[\s\S]*?\*\/|[^"'/]+|\//g) ?? [];
  let made = '';
  let plain = '';
  for (const piece of [...pieces, '""']) {
    // A comment parts words as white space does.
    if (piece.startsWith('/*')) plain += ' ';
    else if (piece.startsWith('"') || piece.startsWith("'")) {
      made += tighten(plain) + piece;
      plain = '';
    } else plain += piece;
  }
  return made.slice(0, -'""'.length).trim();
}

/** A space before a colon may stand for "any descendant", one before a bracket parts words: those stay. */
function tighten(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;+}/g, '}');
}
