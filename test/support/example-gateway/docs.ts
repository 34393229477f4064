import type { CallbackDocs } from '../../../src/gateways/gateway.ts';

export const SIGNATURE = 'x-example-signature';
export const REFUSALS = {
  shop: 'Example Pay shop mismatch.',
  signature: 'Example Pay signature mismatch.',
  unreadable: 'Example Pay callback cannot be read.',
} as const;

export const docs: CallbackDocs = {
  title: 'Callback of Example Pay',
  checkedWith: ['secret'],
  description: 'Sent when the payer has paid, or has tried to.',
  headers: [{ name: SIGNATURE, type: 'string', required: true, description: 'HMAC-SHA256 of the body, hex.' }],
  bodies: [
    {
      type: 'application/json',
      title: 'A notice',
      fields: [
        { name: 'shop', type: 'string', required: true, description: 'Name of your shop.' },
        { name: 'id', type: 'string', required: true, description: 'Example Pay’s number, `gateway_trade_no`.' },
        { name: 'order', type: 'string', required: true, description: '`gateway_order_no`.' },
        { name: 'amount', type: 'integer', required: true, description: 'Whole TWD.' },
        { name: 'state', type: 'string', required: true, description: '`paid`, `declined` or `open`.' },
      ],
      example: { shop: 'teashop', id: 'EX1', order: 'PC260622K7Q2M9XW4ZT1', amount: 980, state: 'paid' },
    },
  ],
  refusals: {
    [REFUSALS.shop]: 'account',
    [REFUSALS.signature]: 'signature',
    [REFUSALS.unreadable]: 'unreadable',
  },
};
