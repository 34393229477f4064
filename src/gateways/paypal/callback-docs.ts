import type { CallbackDocs } from '../gateway.ts';

/** What a webhook of PayPal looks like, for the API document. */
export const docs: Omit<CallbackDocs, 'refusals'> = {
  title: 'Webhook of PayPal',
  checkedWith: ['webhook_id'],
  description:
    'Receives PayPal webhook events and synchronizes payment status. An event is verified at PayPal with the stored webhook_id; then the order itself is asked for, and captured when the payer has approved it. Without a webhook_id an event is only a reason to ask. Events that carry no number of ours are acknowledged and dropped.',
  bodies: [
    {
      type: 'application/json',
      title: 'A webhook event',
      fields: [
        {
          name: 'event_type',
          type: 'string',
          required: true,
          description: 'PayPal webhook event type.',
          example: 'CHECKOUT.ORDER.APPROVED',
        },
        {
          name: 'resource',
          type: 'object',
          required: true,
          description:
            'PayPal webhook resource object. The payment is found by its order (id, order_id, or supplementary_data.related_ids.order_id) or by payment_no in custom_id.',
        },
        { name: 'id', type: 'string', description: 'PayPal’s number of the event.' },
        { name: 'create_time', type: 'string', description: 'When it happened.' },
        { name: 'resource_type', type: 'string', description: 'What the resource is.' },
        { name: 'summary', type: 'string', description: 'The same in words.' },
      ],
      example: {
        id: 'WH-2WR32451HC0233532-67976317FL4543714',
        event_version: '1.0',
        create_time: '2026-06-22T07:34:58.123Z',
        resource_type: 'capture',
        resource_version: '2.0',
        event_type: 'PAYMENT.CAPTURE.COMPLETED',
        summary: 'Payment completed for NT$980 TWD',
        resource: {
          id: '42311647XV020574X',
          status: 'COMPLETED',
          final_capture: true,
          amount: { currency_code: 'TWD', value: '980' },
          custom_id: 'PAY202606220001ABCDEFGH',
          invoice_id: 'PAY202606220001ABCDEFGH',
          supplementary_data: { related_ids: { order_id: '5O190127TN364715T' } },
          create_time: '2026-06-22T07:34:57Z',
          update_time: '2026-06-22T07:34:57Z',
        },
        links: [],
      },
    },
  ],
  headers: [
    { name: 'PAYPAL-TRANSMISSION-ID', type: 'string', description: 'Number of the delivery.' },
    { name: 'PAYPAL-TRANSMISSION-TIME', type: 'string', description: 'When it was sent.' },
    { name: 'PAYPAL-TRANSMISSION-SIG', type: 'string', description: 'PayPal’s signature over the received bytes.' },
    { name: 'PAYPAL-CERT-URL', type: 'string', description: 'Certificate of the signature; never fetched by PayCore.' },
    { name: 'PAYPAL-AUTH-ALGO', type: 'string', description: 'Kind of signature.', example: 'SHA256withRSA' },
  ],
};
