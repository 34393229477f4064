import { createApi } from '../../src/http/api.ts';
import { documentedRoutes } from '../../src/http/app.ts';
import { LIMITS } from '../../src/http/limits.ts';
import { buildOpenApi } from '../../src/http/openapi/index.ts';
import type { Answer, Document, Operation, PathItem, Verb } from '../../src/http/openapi/types.ts';
import { createServices } from '../../src/payments/index.ts';
import { startApp } from './app.ts';

type Told = Omit<Operation, 'responses'> & { readonly responses: Readonly<Record<string, Answer>> };

/** With each answer in its place, where the document refers to shared ones. */
export interface ToldDocument extends Omit<Document, 'paths' | 'webhooks'> {
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Verb, Told>>>>>;
  readonly webhooks: Readonly<Record<string, Readonly<Partial<Record<Verb, Told>>>>>;
}

/** The API's document as an installation at this address shows it. */
export async function buildRawDocument(publicUrl = 'https://pay.shop.example', version = '1.2.3'): Promise<Document> {
  const app = await startApp();
  try {
    const deps = { ...app.deps, publicUrl };
    return await buildOpenApi(documentedRoutes(deps, createApi(deps, LIMITS), createServices(deps)), deps, version);
  } finally {
    await app.stop();
  }
}

export async function buildDocument(publicUrl?: string): Promise<ToldDocument> {
  return placeAnswers(await buildRawDocument(publicUrl));
}

export function placeAnswers(document: Document): ToldDocument {
  const { responses } = document.components;
  const place = (items: Readonly<Record<string, PathItem>>): ToldDocument['paths'] =>
    mapValues(items, (item) =>
      mapValues(item as Record<string, Operation>, (operation) => ({
        ...operation,
        responses: mapValues(operation.responses, (answer) => {
          const found = '$ref' in answer ? responses[answer.$ref.split('/').at(-1) ?? ''] : answer;
          if (!found) throw new Error(`no such answer: ${JSON.stringify(answer)}`);
          return found;
        }),
      })),
    );
  return { ...document, paths: place(document.paths), webhooks: place(document.webhooks) };
}

function mapValues<A, B>(object: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
