import { readAsset } from '../assets.ts';
import { ActionError, answerText } from './http.ts';
import type { Call, Route } from './world.ts';

const types: Readonly<Record<string, string>> = {
  'simulator.css': 'text/css; charset=utf-8',
  'simulator.js': 'text/javascript; charset=utf-8',
};

async function answerAsset(call: Call): Promise<Response> {
  const [name = ''] = call.params;
  const type = types[name];
  if (!type) throw new ActionError(404, 'NOT_FOUND', 'No such file.');
  return answerText(await readAsset(`web/${name}`), 200, type);
}

/** The stand-in for the script ECPay serves to a shop's page; any page may load it, isolated ones too. */
export async function answerScript(): Promise<Response> {
  const response = answerText(await readAsset('web/simulator-sdk.js'), 200, 'text/javascript; charset=utf-8');
  response.headers.set('cross-origin-resource-policy', 'cross-origin');
  return response;
}

export const assetRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/simulator\/assets\/(simulator\.(?:css|js))$/, answer: answerAsset },
];
