/** What Safari 14.0 and Android WebView 80 would not understand of a style sheet, where nothing older stands beside it. */

interface Rule {
  readonly selectors: readonly string[];
  readonly declarations: readonly (readonly [property: string, value: string])[];
}

/** Shorthands and properties of Chrome 83 to 104 and Safari 14.1 to 15; longhands of each are older. */
const PROPERTIES =
  /^(inset(-block|-inline)?|(margin|padding|border)-(block|inline)|aspect-ratio|rotate|scale|translate|container(-type)?)$/;

/** Values that make an old browser drop the line, by property: one that it knows has to stand before it. */
const VALUES =
  /\b\d*(dvh|svh|lvh|dvw|svw|lvw)\b|color-mix\(|light-dark\(|\b(ok)?l(ch|ab)\(|\banywhere\b|\bfit-content\b/;

/** Selectors that make an old browser drop the whole rule, whatever else stands in its list. */
const SELECTORS =
  /:(is|where|has|dir|focus-visible|user-invalid|popover-open|modal)\b|:not\([^()]*,|::(marker|backdrop)\b/;

const AT_RULES = /^@(layer|container|scope|property|starting-style)\b|^@media[^{]*[<>]/;

function splitSelectors(text: string): string[] {
  let depth = 0;
  const parts = [''];
  for (const sign of text) {
    if (sign === '(' || sign === '[') depth += 1;
    if (sign === ')' || sign === ']') depth -= 1;
    if (sign === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${sign}`);
  }
  return parts.map((part) => part.trim());
}

function readDeclarations(body: string): Rule['declarations'] {
  return body.split(';').flatMap((line) => {
    const at = line.indexOf(':');
    return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
  });
}

/** Blocks of a text, each with what stands before it; `{` in strings are none of ours. */
function* blocksOf(text: string): Generator<readonly [prelude: string, body: string]> {
  let from = 0;
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
    let depth = 1;
    let end = open + 1;
    for (; depth > 0 && end < text.length; end += 1) depth += text[end] === '{' ? 1 : text[end] === '}' ? -1 : 0;
    yield [text.slice(from, open).split(';').pop()?.trim() ?? '', text.slice(open + 1, end - 1)];
    from = end;
  }
}

/** A line that every browser knows, and that means the same. */
const OLDER: Readonly<Record<string, string>> = { 'overflow-wrap': 'word-break' };

interface Known {
  /** Rules without which nothing is lost, each by its selectors. */
  readonly extras: readonly string[];
  /** Selectors of grids. */
  readonly grids: ReadonlySet<string>;
}

function* findInRule({ selectors, declarations }: Rule, { extras, grids }: Known): Generator<string> {
  const name = selectors.join(', ');
  const isNew = selectors.filter((one) => SELECTORS.test(one.replace(':focus:not(:focus-visible)', '')));
  if (isNew.length > 0 && !extras.includes(name)) yield `${name}: a selector that drops the rule`;
  for (const [index, [property, value]] of declarations.entries()) {
    if (PROPERTIES.test(property)) yield `${name}: ${property}`;
    const before = declarations.slice(0, index).some(([one]) => one === property || one === OLDER[property]);
    if (VALUES.test(value) && !before) yield `${name}: ${property}: ${value} and nothing older before it`;
    // Between the children of a flex box it came with Chrome 84 and Safari 14.1; in a grid it is old.
    const isGrid = selectors.every((one) => grids.has(one));
    if (/^((row|column)-)?gap$/.test(property) && !isGrid) yield `${name}: ${property} of what is no grid`;
  }
}

interface Block {
  readonly prelude: string;
  readonly rule: Rule;
  readonly body: string;
}

/** All rules, those for a medium too; what stands for nothing that is drawn is left out. */
function listBlocks(text: string): readonly Block[] {
  return [...blocksOf(text)].flatMap(([prelude, body]) => {
    const isGroup = /^@(media|supports)/.test(prelude) && !AT_RULES.test(prelude);
    if (isGroup) return listBlocks(body);
    return [{ prelude, body, rule: { selectors: splitSelectors(prelude), declarations: readDeclarations(body) } }];
  });
}

function isGrid({ declarations }: Rule): boolean {
  return declarations.some(([property, value]) => property === 'display' && value.endsWith('grid'));
}

/** `extras`: rules without which nothing is lost, each by its selectors. */
export function findTooNew(css: string, extras: readonly string[] = []): string[] {
  const blocks = listBlocks(css.replace(/\/\*[\s\S]*?\*\//g, ''));
  const grids = new Set(blocks.flatMap(({ rule }) => (isGrid(rule) ? rule.selectors : [])));
  return blocks.flatMap(({ prelude, body, rule }) => {
    if (AT_RULES.test(prelude)) return [`${prelude}: an at-rule that drops all in it`];
    if (prelude.startsWith('@')) return [];
    if (body.includes('{')) return [`${prelude}: a rule within a rule`];
    return [...findInRule(rule, { extras, grids })];
  });
}
