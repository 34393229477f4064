import { isRecord } from '../http.ts';

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function nameIn(body: string): string {
  const { purchase_units } = parse(body);
  const unit: unknown = Array.isArray(purchase_units) ? purchase_units[0] : null;
  if (!isRecord(unit)) return '';
  const name = unit.custom_id ?? unit.invoice_id ?? unit.reference_id;
  return typeof name === 'string' ? name : '';
}

/** The number in the path or the payer's address, else what the order in the body is called. Whose it is, only the token tells. */
export function readPaypalCaller({ url, body }: { readonly url: URL; readonly body: string }) {
  const inPath = /^\/v2\/(?:checkout\/orders|payments\/captures|payments\/refunds)\/([^/]+)/.exec(url.pathname)?.[1];
  const orderNo = inPath ?? url.searchParams.get('token') ?? nameIn(body);
  return { merchantId: '', orderNo };
}
