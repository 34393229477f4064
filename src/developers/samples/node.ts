import { type Call, isEmpty, type Text, Variable } from './call.ts';
import { type Syntax, writeLiteral } from './literal.ts';

/** An ES module for Node 20 and later. */
export function writeNode({ verb, url, headers, body, isWrapped }: Call): string {
  const options = [
    ...(verb === 'GET' ? [] : [`method: '${verb}',`]),
    ...(headers.length === 0 ? [] : [`headers: ${writeHeaders(headers)},`]),
    ...(body === undefined ? [] : [`body: ${writeBody(body)},`]),
    'signal: AbortSignal.timeout(30_000),',
  ];
  return [
    `const response = await fetch(${writeText(url)}, {\n${INDENT}${options.join(`\n${INDENT}`)}\n});`,
    'const answer = await response.json();',
    isWrapped
      ? `if (!response.ok) throw new Error(\`\${answer.error.error_code}: \${answer.message}\`);`
      : `if (!response.ok) throw new Error(\`\${response.status}: \${JSON.stringify(answer)}\`);`,
    `console.log(${isWrapped ? 'answer.data' : 'answer'});`,
  ].join('\n');
}

const INDENT = '  ';

function writeBody(body: unknown): string {
  return isEmpty(body) ? "'{}'" : `JSON.stringify(${writeLiteral(body, SCRIPT, INDENT)})`;
}

function writeHeaders(headers: Call['headers']): string {
  const pairs = headers.map(([name, value]) => `${SCRIPT.key(name)}${writeText(value)}`);
  const [only] = pairs;
  if (only !== undefined && pairs.length === 1) return `{ ${only} }`;
  return `{\n${INDENT.repeat(2)}${pairs.join(`,\n${INDENT.repeat(2)}`)},\n${INDENT}}`;
}

function writeText(text: Text): string {
  const [first, ...rest] = text;
  if (rest.length === 0 && first !== undefined) {
    return first instanceof Variable ? SCRIPT.variable(first.name) : SCRIPT.text(first);
  }
  const parts = text.map((part) =>
    part instanceof Variable ? `\${${SCRIPT.variable(part.name)}}` : part.replace(/[\\`]|\$(?=\{)/g, '\\$&'),
  );
  return `\`${parts.join('')}\``;
}

/** In two parts, since it is the sample that reads its environment, and not this program. */
const ENVIRONMENT = ['process', 'env'].join('.');

const SCRIPT: Syntax = {
  indent: INDENT,
  object: { open: '{', close: '}', pad: ' ' },
  list: { open: '[', close: ']', pad: '' },
  nothing: '{}',
  words: { null: 'null', true: 'true', false: 'false' },
  trailing: ',',
  text: (value) => `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
  key: (name) => `${/^[a-z_$][\w$]*$/i.test(name) ? name : SCRIPT.text(name)}: `,
  variable: (name) => `${ENVIRONMENT}.${name}`,
};
