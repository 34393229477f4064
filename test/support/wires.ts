import { sealData } from '../../src/gateways/ecpay/cipher.ts';
import { signFields } from '../../src/gateways/ecpay/signature.ts';
import { MARKED, type Said } from './quoting.ts';

/** How the answers of gateways come over the wire. */
export type Wire = (value: unknown) => Said;

type Fields = Readonly<Record<string, unknown>>;

export const json =
  (status = 200): Wire =>
  (value) => ({ status, body: JSON.stringify(value) });
export const xml: Wire = (value) => ({
  body: `<SmilePay>${Object.entries(value as Fields)
    .map(([name, text]) => `<${name}>${String(text).replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)}</${name}>`)
    .join('')}</SmilePay>`,
});

const ecpay = MARKED.ecpay ?? {};
export const envelope: Wire = (value) => ({
  body: JSON.stringify({
    MerchantID: '3002607',
    TransCode: 1,
    TransMsg: 'Success',
    Data: sealData(value as object, ecpay),
  }),
});
/** Text that is not percent-encoded, so that a sign of the form's own in it would end the field. */
export const signed: Wire = (value) => {
  const fields = Object.fromEntries(
    Object.entries(value as Fields).map(([name, text]) => [name, String(text).replaceAll('&', '%26')]),
  );
  return {
    body: Object.entries({ ...fields, CheckMacValue: signFields(fields, ecpay) })
      .map((pair) => pair.join('='))
      .join('&'),
  };
};
export const plain: Wire = (value) => ({ body: String(value) });
