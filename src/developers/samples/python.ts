import { type Call, isEmpty, type Text, Variable } from './call.ts';
import { type Syntax, writeLiteral } from './literal.ts';

/** For Python 3 with nothing but what comes with it. */
export function writePython({ verb, url, headers, body, isWrapped }: Call): string {
  const parts = [
    writeText(url),
    ...(verb === 'GET' ? [] : [`method="${verb}"`]),
    ...(headers.length === 0 ? [] : [`headers=${writeHeaders(headers)}`]),
    ...(body === undefined ? [] : [`data=${writeBody(body)}`]),
  ];
  const request = parts.length === 1 ? parts.join('') : `\n${INDENT}${parts.join(`,\n${INDENT}`)},\n`;
  return [
    'import json',
    ...(request.includes('os.environ[') ? ['import os'] : []),
    'import urllib.error',
    'import urllib.request',
    '',
    `request = urllib.request.Request(${request})`,
    'try:',
    '    with urllib.request.urlopen(request, timeout=30) as response:',
    '        answer = json.load(response)',
    'except urllib.error.HTTPError as error:',
    ...(isWrapped ? REFUSED_WITH_CODE : ['    raise SystemExit(f"{error.code}: {error.read().decode()}")']),
    `print(answer${isWrapped ? '["data"]' : ''})`,
  ].join('\n');
}

const REFUSED_WITH_CODE = [
  '    answer = json.load(error)',
  "    raise SystemExit(f\"{answer['error']['error_code']}: {answer['message']}\")",
];

const INDENT = '    ';

function writeBody(body: unknown): string {
  return isEmpty(body) ? 'b"{}"' : `json.dumps(${writeLiteral(body, PYTHON, INDENT)}).encode()`;
}

function writeHeaders(headers: Call['headers']): string {
  const pairs = headers.map(([name, value]) => `${PYTHON.key(name)}${writeText(value)}`);
  if (pairs.length === 1) return `{${pairs[0]}}`;
  return `{\n${INDENT.repeat(2)}${pairs.join(`,\n${INDENT.repeat(2)}`)},\n${INDENT}}`;
}

function writeText(text: Text): string {
  const [first, ...rest] = text;
  if (rest.length === 0 && first !== undefined) {
    return first instanceof Variable ? PYTHON.variable(first.name) : PYTHON.text(first);
  }
  // Quotes of the other kind inside: Python before 3.12 knows no others there.
  const parts = text.map((part) =>
    part instanceof Variable ? `{os.environ['${part.name}']}` : PYTHON.text(part).slice(1, -1).replace(/[{}]/g, '$&$&'),
  );
  return `f"${parts.join('')}"`;
}

/** What JSON escapes in a text, Python reads the same way. */
const PYTHON: Syntax = {
  indent: INDENT,
  object: { open: '{', close: '}', pad: '' },
  list: { open: '[', close: ']', pad: '' },
  nothing: '{}',
  words: { null: 'None', true: 'True', false: 'False' },
  trailing: ',',
  text: (value) => JSON.stringify(value),
  key: (name) => `${JSON.stringify(name)}: `,
  variable: (name) => `os.environ["${name}"]`,
};
