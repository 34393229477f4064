import { answerJson, refuseAction, seeOther } from '../http.ts';
import { isForm, needText, readInput } from '../input.ts';
import { limits, type SimulatorAccount } from '../options.ts';
import { route } from '../route.ts';
import { putCapped } from '../shelves.ts';
import type { Call, Route, World } from '../world.ts';

const shelf = (world: World) => world.shelves.open<SimulatorAccount>('ecpay.accounts', limits.accounts);

export const findAccount = (world: World, merchantId: string): SimulatorAccount | undefined =>
  shelf(world).get(merchantId) ?? world.accounts.find((account) => account.merchantId === merchantId);

export function needAccount(world: World, merchantId: string): SimulatorAccount {
  const account = findAccount(world, merchantId);
  return account ?? refuseAction('ACCOUNT_UNKNOWN', 'The account of this order is unknown.');
}

export function listAccounts(world: World): SimulatorAccount[] {
  const all = [...world.accounts, ...shelf(world).newest(limits.accounts).reverse()];
  return [...new Map(all.map((account) => [account.merchantId, account])).values()];
}

const viewAccount = (account: SimulatorAccount): Record<string, string> => ({
  merchant_id: account.merchantId,
  hash_key: account.hashKey,
  hash_iv: account.hashIv,
});

/** AES-128 wants exactly sixteen bytes of key and of vector. */
const KEY = /^[!-~]{16}$/;

function addAccount(call: Call): Response {
  const input = readInput(call);
  const merchantId = needText(input, 'merchant_id', /^[A-Za-z0-9]{1,10}$/);
  const account = { merchantId, hashKey: needText(input, 'hash_key', KEY), hashIv: needText(input, 'hash_iv', KEY) };
  putCapped(shelf(call.world), merchantId, account);
  return isForm(call) ? seeOther('/simulator') : answerJson(viewAccount(account), 201);
}

export const ecpayConsole: readonly Route[] = [
  route('GET', '/simulator/accounts', ({ world }) => answerJson({ accounts: listAccounts(world).map(viewAccount) })),
  route('POST', '/simulator/accounts', addAccount),
];
