import { type Call, isEmpty, type Text, Variable } from './call.ts';
import { type Syntax, writeLiteral } from './literal.ts';

/** For a controller, a job or `tinker` of a Laravel application, 8 and later. */
export function writePhp({ verb, url, headers, body, isWrapped }: Call): string {
  return [
    'use Illuminate\\Support\\Facades\\Http;\n',
    `$response = ${chain(headers, body)}${verb === 'GET' ? 'get' : 'post'}(${writeText(url)}${data(body)});\n`,
    'if ($response->failed()) {',
    isWrapped
      ? `${INDENT}throw new RuntimeException($response->json('error.error_code').': '.$response->json('message'));`
      : `${INDENT}throw new RuntimeException($response->status().': '.$response->body());`,
    '}\n',
    `print_r($response->json(${isWrapped ? "'data'" : ''}));`,
  ].join('\n');
}

const INDENT = '    ';

/** Http writes JSON by itself, but takes an empty array for a list, not for an object. */
function chain(headers: Call['headers'], body: unknown): string {
  const told = headers.filter(([name]) => name !== 'Content-Type');
  const calls = [
    ...(told.length === 0 ? [] : [`withHeaders(${writeHeaders(told)})`]),
    ...(isEmpty(body) ? ["withBody('{}', 'application/json')"] : []),
  ];
  return `Http::${calls.map((call) => `${call}->`).join('')}`;
}

function writeHeaders(headers: Call['headers']): string {
  const pairs = headers.map(([name, value]) => `${PHP.key(name)}${writeText(value)}`);
  if (pairs.length === 1) return `[${pairs[0]}]`;
  return `[\n${INDENT}${pairs.join(`,\n${INDENT}`)},\n]`;
}

function data(body: unknown): string {
  return body === undefined || isEmpty(body) ? '' : `, ${writeLiteral(body, PHP)}`;
}

function writeText(text: Text): string {
  return text.map((part) => (part instanceof Variable ? PHP.variable(part.name) : PHP.text(part))).join('.');
}

const PHP: Syntax = {
  indent: INDENT,
  object: { open: '[', close: ']', pad: '' },
  list: { open: '[', close: ']', pad: '' },
  nothing: '(object) []',
  words: { null: 'null', true: 'true', false: 'false' },
  trailing: ',',
  text: (value) => `'${value.replace(/[\\']/g, '\\$&')}'`,
  key: (name) => `${PHP.text(name)} => `,
  variable: (name) => `env('${name}')`,
};
