import { Elysia } from 'elysia';
import { assetPath } from '../../assets.ts';
import { keepOne } from '../../core/kept.ts';
import { pageHeaders } from '../../security/csp.ts';
import { make, sendMade } from '../made.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';
import { writeServed } from '../openapi/served.ts';
import type { Document } from '../openapi/types.ts';

/** Swagger UI and the document it shows, all from here: the page asks no other host for anything. */
export function swaggerRoutes(readDocument: () => Promise<Document>) {
  const readMade = keepOne(async () => make(writeServed(await readDocument())));

  return new Elysia()
    .get(
      '/swagger',
      () => {
        // Asked for next: the first who comes waits for it while the page loads, not afterwards.
        void readMade();
        return new Response(writePage(), { headers: pageHeaders() });
      },
      UNDOCUMENTED,
    )
    .get(
      '/swagger/json',
      async ({ request }) =>
        sendMade(request, await readMade(), { type: 'application/json; charset=utf-8', caching: 'no-cache' }),
      UNDOCUMENTED,
    );
}

/** The document is asked for by the script, and only after it has come, unless the page says so first. */
function writePage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PayCore API</title>
<link rel="icon" href="${assetPath('icons/favicon.svg')}" type="image/svg+xml">
<link rel="preload" href="/swagger/json" as="fetch" crossorigin>
<link rel="stylesheet" href="${assetPath('swagger/swagger-ui.css')}">
<link rel="stylesheet" href="${assetPath('swagger/swagger.css')}">
<script src="${assetPath('swagger/swagger-ui-bundle.js')}" defer></script>
<script src="${assetPath('swagger/swagger.js')}" defer></script>
</head>
<body>
<div id="swagger-ui"><p class="wait">Loading the API…</p></div>
<noscript>This page needs JavaScript. The document itself is at <a href="/swagger/json">/swagger/json</a>, and the same can be read at <a href="/developers">/developers</a>.</noscript>
</body>
</html>
`;
}
