import { readAsset } from '../assets.ts';
import { answerText } from './http.ts';
import type { Call, Route } from './world.ts';

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' };

async function answerAsset({ params }: Call): Promise<Response> {
  const type = params[0] === 'css' ? 'css' : 'js';
  return answerText(await readAsset(`web/simulator.${type}`), 200, types[type]);
}

/** A script for pages of others; any page may load it, isolated ones too. */
const answerForeignScript = (name: string) => async (): Promise<Response> => {
  const response = answerText(await readAsset(`web/${name}`), 200, types.js);
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
  { method: 'GET', path: /^\/simulator\/assets\/simulator\.(css|js)$/, answer: answerAsset },
];
