import type { TSchema } from 'elysia';

/** As much of OpenAPI 3.1 as the document uses. */
export interface Document {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly summary: string;
    readonly description: string;
  };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly Tag[];
  readonly security: readonly SecurityNeed[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly webhooks: Readonly<Record<string, PathItem>>;
  readonly components: Components;
}

export interface Components {
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly headers: Readonly<Record<string, Header>>;
  readonly examples: Readonly<Record<string, Example>>;
  readonly responses: Readonly<Record<string, Answer>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

export interface SecurityScheme {
  readonly type: 'apiKey';
  readonly in: 'header';
  readonly name: string;
  readonly description: string;
}

export interface Tag {
  readonly name: string;
  readonly description: string;
}

/** Name of a security scheme → scopes; `{}` means that none is needed. */
export type SecurityNeed = Readonly<Record<string, readonly string[]>>;

export type Verb = 'get' | 'post';

export type PathItem = Readonly<Partial<Record<Verb, Operation>>>;

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  /** Where the parts of the description end, for pages that show them in places of their own. */
  readonly 'x-parts': DescriptionMarks;
  readonly security?: readonly SecurityNeed[];
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly required: boolean; readonly description?: string; readonly content: Content };
  readonly responses: Responses;
}

export interface DescriptionMarks {
  /** How many paragraphs at its end are notes; behind them stands what is worth reading in the answer. */
  readonly notes: number;
  /** What is worth reading in the answer: names of fields, `name=value`, or words. */
  readonly highlights: readonly string[];
  /** Of a callback: the fields of its gateway's credentials that it is checked with. */
  readonly checkedWith?: readonly string[];
}

export type Responses = Readonly<Record<string, Answer | Reference>>;

export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header | Reference>>;
  readonly content?: Content;
}

export type Content = Readonly<Record<string, Media>>;

export interface Media {
  readonly schema: Schema;
  /** When there is one only: a choice of one would be shown as a choice. */
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, Example | Reference>>;
}

export interface Example {
  readonly summary?: string;
  readonly value: unknown;
  /** Of the answer that it is, where several statuses share a table of them. */
  readonly 'x-status'?: number;
}

export interface Reference {
  readonly $ref: string;
}

export interface Header {
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Parameter extends Header {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly example?: string;
}

/** As much of JSON Schema 2020-12 as the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly format?: string;
  readonly const?: string | boolean;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly default?: string | number;
  readonly examples?: readonly unknown[];
  readonly writeOnly?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly maxProperties?: number;
  readonly uniqueItems?: true;
  readonly minItems?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

export type SchemaType = 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'null';

/** TypeBox makes JSON Schemas; its types only say so in other words. */
export function asSchema(schema: TSchema): Schema {
  return schema as Schema;
}

export function refer(kind: keyof Components, name: string): Reference {
  return { $ref: `#/components/${kind}/${name}` };
}

/** What operations are sorted by, besides the names of the gateways. */
export const TAGS = {
  checkout: 'Checkout',
  payments: 'Payments',
  refunds: 'Refunds',
  links: 'Payment links',
  installation: 'Installation',
  notifications: 'Notifications',
} as const;
