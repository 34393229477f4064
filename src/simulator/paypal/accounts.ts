import { limits } from '../options.ts';
import type { Shelf } from '../shelves.ts';
import type { Call, World } from '../world.ts';
import { digest, isSame } from './digest.ts';

/** Seconds that a token lives. */
const TOKEN_LIFE_S = 32_400;
const SECRET_CAP = 255;
const TOKEN_BYTES = 72;

/** Any well-formed client_id is an account; the secret that comes first is the right one from then on. */
export interface Account {
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

export interface Tally {
  /** Calls of the token endpoint, refused ones too. */
  readonly token_calls: number;
  readonly tokens_issued: number;
  /** API calls without a live token. Not told apart by account: a dead token names none that can be trusted. */
  readonly unauthorized: number;
}

const ALL = 'all';
const noTally: Tally = { token_calls: 0, tokens_issued: 0, unauthorized: 0 };

const accountsOf = (world: World): Shelf<Account> => world.shelves.open('paypal.accounts', limits.accounts);
const tokensOf = (world: World): Shelf<Token> => world.shelves.open('paypal.tokens', limits.tokens);
/** One for everybody, and one for each account, which may be dropped as accounts are. */
const tallyOf = (world: World): Shelf<Tally> => world.shelves.open('paypal.tally', 1);
const talliesOf = (world: World): Shelf<Tally> => world.shelves.open('paypal.tallies', limits.accounts);

export function readTally(world: World, clientId: string | null): Tally {
  return (clientId === null ? tallyOf(world).get(ALL) : talliesOf(world).get(clientId)) ?? noTally;
}

function count(world: World, name: keyof Tally, clientId: string | null): void {
  const raise = (tally: Tally): Tally => ({ ...tally, [name]: tally[name] + 1 });
  tallyOf(world).put(ALL, raise(readTally(world, null)));
  if (clientId !== null) talliesOf(world).put(clientId, raise(readTally(world, clientId)));
}

export const CLIENT_ID = /^[A-Za-z0-9_-]{10,100}$/;

interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

function readBasic(header: string): Credentials | null {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(header)?.[1];
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const at = decoded.indexOf(':');
  if (at < 0) return null;
  const [clientId, secret] = [decoded.slice(0, at), decoded.slice(at + 1)];
  const isFine = CLIENT_ID.test(clientId) && secret.length > 0 && secret.length <= SECRET_CAP;
  return isFine ? { clientId, secret } : null;
}

/** Null for credentials that are wrong; a client_id that begins with `bad` always is, for tests of that. */
function admit(world: World, credentials: Credentials): Account | null {
  const { clientId, secret } = credentials;
  if (clientId.startsWith('bad')) return null;
  const known = accountsOf(world).get(clientId);
  if (known) return isSame(known.secretDigest, digest(secret)) ? known : null;
  return accountsOf(world).put(clientId, { clientId, secretDigest: digest(secret), generation: 1 });
}

export interface Grant {
  readonly account: Account;
  readonly token: string;
  readonly expiresIn: number;
}

/** The account behind `Authorization: Basic …`, counted as one token call. */
export function findAccount(call: Call): Account | null {
  const credentials = readBasic(call.request.headers.get('authorization') ?? '');
  const account = credentials && admit(call.world, credentials);
  count(call.world, 'token_calls', account?.clientId ?? null);
  return account;
}

export function issueToken(world: World, account: Account): Grant {
  const token = `A21AA${Buffer.from(world.random(TOKEN_BYTES)).toString('base64url')}`;
  const { clientId, generation } = account;
  tokensOf(world).put(token, { clientId, generation, expiresAt: world.now() + TOKEN_LIFE_S * 1000 });
  count(world, 'tokens_issued', clientId);
  return { account, token, expiresIn: TOKEN_LIFE_S };
}

/** Whom a live bearer token belongs to; null, and counted, for any other one. */
export function authenticate(call: Call): string | null {
  const { world } = call;
  const name = /^Bearer (\S+)$/.exec(call.request.headers.get('authorization') ?? '')?.[1] ?? '';
  const token = tokensOf(world).get(name);
  const account = token && accountsOf(world).get(token.clientId);
  const isLive = account?.generation === token?.generation && (token?.expiresAt ?? 0) > world.now();
  if (token && account && isLive) return token.clientId;
  count(world, 'unauthorized', null);
  return null;
}

/** Makes the tokens of one account worthless, or of every account. Answers how many accounts that were. */
export function revokeTokens(world: World, clientId: string | null): number {
  const accounts = accountsOf(world)
    .newest(limits.accounts)
    .filter((account) => clientId === null || account.clientId === clientId);
  for (const account of accounts) {
    accountsOf(world).put(account.clientId, { ...account, generation: account.generation + 1 });
  }
  return accounts.length;
}
