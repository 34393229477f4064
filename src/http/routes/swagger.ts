import { Elysia } from 'elysia';
import { assetPath } from '../../assets.ts';
import { pageHeaders } from '../../security/csp.ts';
import { type Made, make, sendMade } from '../made.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';
import type { Document } from '../openapi/types.ts';

/** Swagger UI and the document it shows, all from here: the page asks no other host for anything. */
export function swaggerRoutes(readDocument: () => Promise<Document>) {
  let made: Promise<Made> | null = null;
  const write = async (): Promise<Made> => make(JSON.stringify(await readDocument()));

  return new Elysia()
    .get('/swagger', () => new Response(writePage(), { headers: pageHeaders() }), UNDOCUMENTED)
    .get(
      '/swagger/json',
      async ({ request }) => {
        made ??= write();
        // A failure is not kept.
        made.catch(() => {
          made = null;
        });
        return sendMade(request, await made, { type: 'application/json; charset=utf-8', caching: 'no-cache' });
      },
      UNDOCUMENTED,
    );
}

function writePage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PayCore API</title>
<link rel="icon" href="${assetPath('icons/favicon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPath('swagger/swagger-ui.css')}">
<link rel="stylesheet" href="${assetPath('swagger/swagger.css')}">
<script src="${assetPath('swagger/swagger-ui-bundle.js')}" defer></script>
<script src="${assetPath('swagger/swagger.js')}" defer></script>
</head>
<body>
<main id="swagger-ui"></main>
<noscript>This page needs JavaScript. The document itself is at <a href="/swagger/json">/swagger/json</a>.</noscript>
</body>
</html>
`;
}
