import type { Schema, SchemaType } from '../../src/http/openapi/types.ts';

/** JSON Schemas, as the API's document has them, written as TypeScript. */

export type Schemas = Readonly<Record<string, Schema>>;

/** Names of shared schemas that become types of their own; what else is shared, such as single fields, stands in place. */
export function listNamed(schemas: Schemas): ReadonlySet<string> {
  const named = Object.entries(schemas).filter(([name, schema]) => {
    const isOwn = schema.allOf !== undefined || schema.properties !== undefined || name === 'ErrorCode';
    return isOwn && /^[A-Z]/.test(name);
  });
  return new Set(named.map(([name]) => name));
}

export function createWriter(schemas: Schemas) {
  const named = listNamed(schemas);
  const used = new Set<string>();

  function find($ref: string): { readonly name: string; readonly schema: Schema } {
    const name = $ref.split('/').at(-1) ?? '';
    const schema = schemas[name];
    if (!schema) throw new Error(`the document has no schema ${$ref}`);
    return { name, schema };
  }

  /** `indent`: blanks before the line that the type begins in. */
  function write(schema: Schema, indent = ''): string {
    if (schema.$ref !== undefined) {
      const { name, schema: meant } = find(schema.$ref);
      if (!named.has(name)) return write(meant, indent);
      used.add(name);
      return name;
    }
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum)
      return choose(
        schema.enum.map((value) => JSON.stringify(value)),
        indent,
      );
    if (schema.allOf) return writeAll(schema.allOf, indent);
    if (schema.anyOf) return schema.anyOf.map((part) => write(part, indent)).join(' | ');
    if (schema.type === undefined) return 'unknown';
    const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
    return [...new Set(types.map((type) => writeOne(type, schema, indent)))].join(' | ');
  }

  /** A later part says more precisely what an earlier one had said: that one's word is left out, else both would hold. */
  function writeAll(parts: readonly Schema[], indent: string): string {
    const texts = parts.map((part, place) => {
      const later = parts.slice(place + 1).flatMap((one) => listFields(one));
      const again = listFields(part).filter((name) => later.includes(name));
      const text = write(part, indent);
      return again.length === 0 ? text : `Omit<${text}, ${again.map((name) => JSON.stringify(name)).join(' | ')}>`;
    });
    return texts.join(' & ');
  }

  function listFields(schema: Schema): readonly string[] {
    const meant = schema.$ref === undefined ? schema : find(schema.$ref).schema;
    return Object.keys(meant.properties ?? {});
  }

  function writeOne(type: SchemaType, schema: Schema, indent: string): string {
    if (type === 'object') return writeObject(schema, indent);
    if (type !== 'array') return type === 'integer' ? 'number' : type;
    return schema.items ? `ReadonlyArray<${write(schema.items, indent)}>` : 'readonly unknown[]';
  }

  function writeObject({ properties, required = [], additionalProperties }: Schema, indent: string): string {
    if (properties) return writeFields(properties, required, indent);
    return `Readonly<Record<string, ${additionalProperties ? write(additionalProperties, indent) : 'unknown'}>>`;
  }

  function writeFields(fields: Schemas, required: readonly string[], indent: string): string {
    const inner = `${indent}  `;
    const lines = Object.entries(fields).map(([name, schema]) => {
      const shown = schema.$ref === undefined ? schema : find(schema.$ref).schema;
      const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
      const type = write(schema, inner);
      const field = required.includes(name) ? `${key}: ${type}` : `${key}?: ${type} | undefined`;
      return `${writeComment(shown.description, inner)}${inner}readonly ${field};\n`;
    });
    return `{\n${lines.join('')}${indent}}`;
  }

  /** What was written so far refers to, and what that refers to; each as one declaration. */
  function declare(): string {
    const done = new Map<string, string>();
    for (let left = [...used]; left.length > 0; left = [...used].filter((name) => !done.has(name))) {
      for (const name of left) {
        const schema = find(name).schema;
        done.set(name, `${writeComment(schema.description, '')}export type ${name} = ${write(schema)};\n`);
      }
    }
    return [...done.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, text]) => text)
      .join('\n');
  }

  return { write, writeFields, declare };
}

const WIDTH = 110;

/** On one line, or each on its own. */
function choose(values: readonly string[], indent: string): string {
  const line = values.join(' | ');
  return line.length <= WIDTH ? line : values.map((value) => `\n${indent}  | ${value}`).join('');
}

export function writeComment(text: string | undefined, indent: string): string {
  if (text === undefined || text === '') return '';
  const lines: string[] = [];
  for (const word of text.replaceAll('*/', '* /').split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}
