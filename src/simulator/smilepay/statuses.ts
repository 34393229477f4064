/** What a method that is switched off can answer; the first one when nothing else is asked for. */
const closed = {
  '-3003': 'Can not use this Pay_zg service(Store)',
  '-2009': 'Trading is restricted by SmilePay',
  '-3001': 'No such merchant',
  '-3002': 'Merchant has expired',
  '-3005': 'Can not use this Pay_zg service(SmilePay)',
  '-4000': 'No ATM account is available',
  '-4001': 'Store code is not available',
  '-4002': 'SMS service is busy',
  '-4003': 'ibon service is busy',
  '-4004': 'FamiPort service is busy',
  '-5001': 'ibon service error',
  '-5002': 'FamiPort service error',
  '-6001': 'Payment error',
};

/**
 * The Desc that goes with a Status of SPPayment.asp. The numbers and their meaning are SmilePay's; the wording is known
 * for 1 and -3003 only.
 */
const texts: Readonly<Record<string, string>> = {
  ...closed,
  1: 'Succeeded',
  '-2001': 'Rvg2c or Dcvc error',
  '-2002': 'Verify_key error',
  '-2003': 'Pay_zg error',
  '-2004': 'Deadline_date error',
  '-2005': 'Amount error',
  '-2007': 'Order parameter error',
  '-3004': 'Amount is out of the limit',
};

export const SUCCEEDED = 1;
export const refusals: readonly string[] = Object.keys(closed);

export const statusOf = (status: number): { readonly Status: string; readonly Desc: string } => ({
  Status: String(status),
  Desc: texts[status] ?? 'Error',
});
