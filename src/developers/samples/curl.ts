import { type Call, type Text, Variable } from './call.ts';
import { type Syntax, writeLiteral } from './literal.ts';

/** For a POSIX shell. The exit code says whether it worked; what was refused is printed too. */
export function writeCurl({ verb, url, headers, body }: Call): string {
  const parts = [
    `curl -sS --fail-with-body ${verb === 'GET' ? '' : `-X ${verb} `}${quoteText(url)}`,
    ...headers.map(([name, value]) => `-H ${quoteText([`${name}: `, ...value])}`),
    ...(body === undefined ? [] : [`-d '${writeLiteral(body, JSON_IN_QUOTES)}'`]),
  ];
  return parts.join(' \\\n  ');
}

/** Double quotes, so that variables are filled in. */
function quoteText(text: Text): string {
  const parts = text.map((part, index) => {
    if (!(part instanceof Variable)) return part.replace(/[\\"$`]/g, '\\$&');
    const next = text[index + 1];
    // Braces are needed only before what would belong to the name.
    return typeof next === 'string' && /^\w/.test(next) ? `$\{${part.name}}` : `$${part.name}`;
  });
  return `"${parts.join('')}"`;
}

/** JSON between single quotes, of which it must have none. */
const JSON_IN_QUOTES: Syntax = {
  indent: '  ',
  object: { open: '{', close: '}', pad: ' ' },
  list: { open: '[', close: ']', pad: '' },
  nothing: '{}',
  words: { null: 'null', true: 'true', false: 'false' },
  trailing: '',
  text: (value) => JSON.stringify(value).replaceAll("'", "'\\''"),
  key: (name) => `${JSON.stringify(name).replaceAll("'", "'\\''")}: `,
  variable: (name) => `"'"$${name}"'"`,
};
