import { type AnyElysia, Elysia } from 'elysia';
import type { Shown } from './describe.ts';
import type { Operation, Schema } from './types.ts';

/** What `@elysiajs/swagger` makes of the routes: OpenAPI 3.0.3 with our own notes in it. */
export interface Collected {
  readonly paths: Readonly<Record<string, Readonly<Record<string, CollectedOperation>>>>;
}

export interface CollectedOperation extends Omit<Operation, 'parameters' | 'requestBody' | 'responses'> {
  readonly parameters?: readonly CollectedParameter[];
  readonly requestBody?: { readonly content: CollectedContent };
  readonly responses: Readonly<Record<string, CollectedAnswer>>;
}

export interface CollectedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly schema: Schema & { readonly $id?: string };
}

/** Under every content type that the plugin thinks of, the same. */
export type CollectedContent = Readonly<Record<string, { readonly schema: CollectedSchema }>>;

/** The notes of an object's schema stand beside `content`, those of any other in the schema. */
export interface CollectedAnswer {
  readonly $id?: string;
  readonly 'x-shown'?: Shown;
  readonly content: CollectedContent;
}

export type CollectedSchema = Schema & { readonly $id?: string; readonly 'x-shown'?: Shown };

/**
 * Asks `@elysiajs/swagger` in an application of its own: the page that it would serve beside the document loads its
 * script from another host.
 */
export async function collectRoutes(routes: AnyElysia): Promise<Collected> {
  // Read by the first who asks for the document: it brings the themes of another viewer along.
  const { swagger } = await import('@elysiajs/swagger');
  const app = new Elysia().use(routes).use(swagger({ path: '/page', specPath: '/document' }));
  const answer = await app.handle(new Request('http://localhost/document'));
  return (await answer.json()) as Collected;
}
