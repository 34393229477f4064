import type { AnyElysia } from 'elysia';
import { keepOne } from '../../core/kept.ts';
import { VERSION } from '../../core/version.ts';
import type { Source } from './examples.ts';
import type { Document } from './types.ts';

/** The document of this installation: made when it is first asked for, and once. A failure is not kept. */
export function keepDocument(source: Source, routes: AnyElysia): () => Promise<Document> {
  return keepOne(async () => {
    const { buildOpenApi } = await import('./index.ts');
    return buildOpenApi(routes, source, VERSION);
  });
}
