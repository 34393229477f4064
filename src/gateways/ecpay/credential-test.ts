import { type CredentialTest, GatewayGarbage } from '../gateway.ts';
import { sendQuery, TRADE_QUERY } from './query.ts';
import { parseRawForm } from './rawform.ts';
import { checkSignature } from './signature.ts';

/** No order has this number: in ours a date follows the first two letters. */
const NO_ORDER = 'PCPROBE0000000000000';
const KEYS_WRONG = 'merchant_id, hash_key and hash_iv do not fit together, or belong to its other environment.';

/**
 * Asks about an order that does not exist. ECPay signs that answer too, which proves merchant, key and IV at once; with
 * any of them wrong it complains of the CheckMacValue. Source: ECPay developer documentation, page 2890.
 */
export const testCredentials: CredentialTest = async (secrets, environment, ctx) => {
  const body = await sendQuery(TRADE_QUERY, { secrets, environment, gatewayOrderNo: NO_ORDER }, ctx);
  const answer = parseRawForm(body);
  if (answer && checkSignature(answer, secrets)) {
    return { ok: true, message: `ECPay (${environment}) took the signature and signed its answer with the same keys.` };
  }
  const said = answer ? answer.TradeStatus : readComplaint(body);
  if (!said) throw new GatewayGarbage('ECPay’s answer to a query cannot be read');
  // Whoever signs an answer with other keys has others, or is another merchant.
  const words = `ECPay (${environment}) answered "${said}"`;
  if (answer || /CheckMac/i.test(said)) return { ok: false, message: `${words}: ${KEYS_WRONG}` };
  return { ok: false, isInconclusive: true, message: `${words}: that says nothing about the credentials.` };
};

/** `10200073|CheckMacValue Error` */
function readComplaint(body: Uint8Array): string | null {
  const text = new TextDecoder().decode(body).trim();
  return /^\d{1,10}\|[^\p{Cc}<>]*$/u.test(text) ? text : null;
}
