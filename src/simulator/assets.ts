import { readAsset } from '../assets.ts';
import { ActionError, answerText } from './http.ts';
import type { Call, Route } from './world.ts';

const JS = 'text/javascript; charset=utf-8';

const TYPES: Readonly<Record<string, string>> = {
  'simulator.css': 'text/css; charset=utf-8',
  'simulator.js': JS,
  'simulator-stripe-frame.js': JS,
};

async function answerAsset({ params: [name = ''] }: Call): Promise<Response> {
  const type = TYPES[name];
  if (!type) throw new ActionError(404, 'NOT_FOUND', 'No such file.');
  return answerText(await readAsset(`assets/${name}`), 200, type);
}

/** A script for pages of others; any page may load it, isolated ones too. */
const answerForeignScript = (name: string) => async (): Promise<Response> => {
  const response = answerText(await readAsset(`assets/${name}`), 200, JS);
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
  { method: 'GET', path: /^\/favicon\.ico$/, answer: answerIcon },
  { method: 'GET', path: /^\/simulator\/assets\/([a-z-]+\.(?:css|js))$/, answer: answerAsset },
];
