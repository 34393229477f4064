import { digest, isSame } from '../digest.ts';
import { answerJson, parseForm } from '../http.ts';
import { FORM_TYPE, readInput, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { Shelf } from '../shelves.ts';
import type { Call, World } from '../world.ts';
import { answerApi } from './errors.ts';

const TOKEN_LIFE_S = 32_400;
const SECRET_CAP = 255;

/** Any well-formed client_id is an account; the secret that comes first is the right one from then on. */
interface Account {
  readonly clientId: string;
  readonly secretDigest: string;
  /** Raised to make every token given out so far worthless. */
  readonly generation: number;
}

interface Token {
  readonly clientId: string;
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

interface Tally {
  /** Calls of the token endpoint, refused ones too. */
  readonly token_calls: number;
  readonly tokens_issued: number;
  /** API calls without a live token. Not told apart by account: a dead token names none that can be trusted. */
  readonly unauthorized: number;
}

const noTally: Tally = { token_calls: 0, tokens_issued: 0, unauthorized: 0 };
const accountsOf = (world: World): Shelf<Account> => world.shelves.open('paypal.accounts', limits.accounts);
const tokensOf = (world: World): Shelf<Token> => world.shelves.open('paypal.tokens', limits.tokens);
/** One for everybody, and one for each account, which may be dropped as accounts are. */
const talliesOf = (world: World, clientId: string | null): Shelf<Tally> =>
  clientId === null ? world.shelves.open('paypal.tally', 1) : world.shelves.open('paypal.tallies', limits.accounts);

const readTally = (world: World, clientId: string | null): Tally =>
  talliesOf(world, clientId).get(clientId ?? 'all') ?? noTally;

function count(world: World, name: keyof Tally, clientId: string | null): void {
  for (const whose of new Set([null, clientId])) {
    const tally = readTally(world, whose);
    talliesOf(world, whose).put(whose ?? 'all', { ...tally, [name]: tally[name] + 1 });
  }
}

export const CLIENT_ID = /^[A-Za-z0-9_-]{10,100}$/;

/** The account behind `Authorization: Basic …`; a client_id that begins with `bad` never is one, for tests of that. */
function findAccount(world: World, header: string): Account | null {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(header)?.[1] ?? '';
  const [, clientId = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (!CLIENT_ID.test(clientId) || secret === '' || secret.length > SECRET_CAP) return null;
  if (clientId.startsWith('bad')) return null;
  const known = accountsOf(world).get(clientId);
  if (known) return isSame(known.secretDigest, digest(secret)) ? known : null;
  return accountsOf(world).put(clientId, { clientId, secretDigest: digest(secret), generation: 1 });
}

const fieldNames: readonly string[] = ['grant_type', 'scope', 'response_type', 'ignoreCache'];
const SCOPE = 'https://uri.paypal.com/services/payments/payment https://uri.paypal.com/services/applications/webhooks';

/** What is wrong with the form, in the form that errors of this endpoint have. */
function findFault(call: Call): { readonly error: string; readonly error_description: string } | null {
  const pairs = call.contentType === FORM_TYPE ? (parseForm(call.body) ?? []) : [];
  const names = pairs.map(([name]) => name);
  const grant = pairs.find(([name]) => name === 'grant_type')?.[1] ?? '';
  if (grant !== 'client_credentials') {
    const error_description = grant === '' ? 'Grant Type is NULL' : 'unsupported grant_type';
    return { error: 'unsupported_grant_type', error_description };
  }
  const isClean = names.every((name) => fieldNames.includes(name)) && new Set(names).size === names.length;
  return isClean ? null : { error: 'invalid_request', error_description: 'unknown or repeated field' };
}

function issueToken(world: World, { clientId, generation }: Account): string {
  const token = `A21AA${Buffer.from(world.random(72)).toString('base64url')}`;
  tokensOf(world).put(token, { clientId, generation, expiresAt: world.now() + TOKEN_LIFE_S * 1000 });
  count(world, 'tokens_issued', clientId);
  return token;
}

export function grantToken(call: Call): Response {
  const { world, request } = call;
  const account = findAccount(world, request.headers.get('authorization') ?? '');
  count(world, 'token_calls', account?.clientId ?? null);
  if (!account) {
    return answerApi(world, { error: 'invalid_client', error_description: 'Client Authentication failed' }, 401);
  }
  const fault = findFault(call);
  if (fault) return answerApi(world, fault, 400);
  return answerApi(world, {
    scope: SCOPE,
    access_token: issueToken(world, account),
    token_type: 'Bearer',
    app_id: 'APP-SIMULATOR',
    expires_in: TOKEN_LIFE_S,
    nonce: `${new Date(world.now()).toISOString()}${Buffer.from(world.random(24)).toString('base64url')}`,
  });
}

/** Whom a live bearer token belongs to; null, and counted, for any other one. */
export function authenticate({ world, request }: Call): string | null {
  const name = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  const token = tokensOf(world).get(name);
  const isLive =
    token !== undefined &&
    token.expiresAt > world.now() &&
    accountsOf(world).get(token.clientId)?.generation === token.generation;
  if (isLive) return token.clientId;
  count(world, 'unauthorized', null);
  return null;
}

export const showTally = ({ world, url }: Call): Response =>
  answerJson(readTally(world, url.searchParams.get('client_id')));

/** `POST /simulator/paypal/revoke`: makes the tokens of one account worthless, or of every account. */
export function revokeTokens(call: Call): Response {
  const clientId = readText(readInput(call), 'client_id', CLIENT_ID);
  const known = accountsOf(call.world);
  const accounts = known.newest(limits.accounts).filter((one) => clientId === null || one.clientId === clientId);
  for (const one of accounts) known.put(one.clientId, { ...one, generation: one.generation + 1 });
  return answerJson({ accounts: accounts.length });
}
