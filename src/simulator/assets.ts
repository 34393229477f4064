import { readAsset } from '../assets.ts';
import { answerText, refuseAction } from './http.ts';
import { route } from './route.ts';
import type { Call, Route } from './world.ts';

const CSS = 'text/css; charset=utf-8';
const JS = 'text/javascript; charset=utf-8';
const files: readonly string[] = ['simulator.css', 'simulator.js', 'simulator-stripe-frame.js'];

async function answerAsset({ params: [name = ''] }: Call): Promise<Response> {
  if (!files.includes(name)) return refuseAction('NOT_FOUND', 'No such file.', 404);
  return answerText(await readAsset(`assets/${name}`), 200, name.endsWith('.css') ? CSS : JS);
}

/** A script for pages of others; any page may load it, isolated ones too. */
const answerForeignScript = (name: string) => async (): Promise<Response> => {
  const response = answerText(await readAsset(`assets/${name}`), 200, JS);
  response.headers.set('cross-origin-resource-policy', 'cross-origin');
  return response;
};

/** The stand-in for the script ECPay serves to a shop's page. */
export const answerScript = answerForeignScript('simulator-sdk.js');

export const answerStripeScript = answerForeignScript('simulator-stripe.js');

/** There is none; but a browser asks for it by itself, and a 404 would stand among the page's errors. */
const answerIcon = (): Response => new Response(null, { status: 204, headers: { 'cache-control': 'max-age=86400' } });

export const assetRoutes: readonly Route[] = [
  route('GET', '/favicon\\.ico', answerIcon),
  route('GET', '/simulator/assets/([a-z-]+\\.(?:css|js))', answerAsset),
];
