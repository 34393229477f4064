import { readAsset, readSheet } from '../assets.ts';
import { ActionError, answerText } from './http.ts';
import { route } from './route.ts';
import type { Call, Route } from './world.ts';

const JS = 'text/javascript; charset=utf-8';

const files: Readonly<Record<string, { readonly type: string; readonly read: (name: string) => Promise<string> }>> = {
  'simulator.css': { type: 'text/css; charset=utf-8', read: readSheet },
  'simulator.js': { type: JS, read: readScript },
  'simulator-stripe-frame.js': { type: JS, read: readScript },
};

function readScript(name: string): Promise<string> {
  return readAsset(`web/${name}`);
}

async function answerAsset({ params: [name = ''] }: Call): Promise<Response> {
  const file = files[name];
  if (!file) throw new ActionError(404, 'NOT_FOUND', 'No such file.');
  return answerText(await file.read(name), 200, file.type);
}

/** A script for pages of others; any page may load it, isolated ones too. */
const answerForeignScript = (name: string) => async (): Promise<Response> => {
  const response = answerText(await readScript(name), 200, JS);
  response.headers.set('cross-origin-resource-policy', 'cross-origin');
  return response;
};

/** The stand-in for the script ECPay serves to a shop's page. */
export const answerScript = answerForeignScript('simulator-sdk.js');

/** The stand-in for Stripe.js. */
export const answerStripeScript = answerForeignScript('simulator-stripe.js');

/** There is none; but a browser asks for it by itself, and a 404 would stand among the page's errors. */
function answerIcon(): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'max-age=86400' } });
}

export const assetRoutes: readonly Route[] = [
  route('GET', '/favicon\\.ico', answerIcon),
  route('GET', '/simulator/assets/([a-z-]+\\.(?:css|js))', answerAsset),
];
