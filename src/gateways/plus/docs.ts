import type { Field } from '../../core/fields.ts';
import type { CallbackDocs } from '../gateway.ts';
import { credentials } from './credentials.ts';
import { signFields } from './signature.ts';

const FIELDS: readonly Field[] = [
  { name: 'appid', type: 'string', required: true, description: 'PLUS appid.', example: 'PLUS_APPID' },
  { name: 'order_no', type: 'string', description: '`gateway_order_no` of the payment.' },
  { name: 'plat_no', type: 'string', description: 'PLUS’s number, `gateway_trade_no`.' },
  {
    name: 'money',
    type: 'amount',
    required: true,
    description: 'Whole TWD, number or text; must be the amount of the payment.',
    example: 980,
  },
  {
    name: 'status',
    type: 'string',
    description: '`1`, `paid` or `success`: paid. Anything else pays nothing; without it PayCore asks PLUS.',
  },
  { name: 'sign', type: 'string', description: 'PLUS’s signature over all other fields that are not empty.' },
];

const EXAMPLE = {
  appid: 'PLUS_APPID',
  order_no: 'PC260622K7Q2M9XW4ZT1',
  plat_no: '2606221530127264',
  money: '980',
  status: '1',
};
/** The example account, as the credential table shows it. */
const SECRET = credentials.fields.find((field) => field.name === 'secret_key')?.example ?? '';
const SIGNED = signFields(EXAMPLE, SECRET, 'md5-key');

export function docs(refusals: CallbackDocs['refusals']): CallbackDocs {
  return {
    title: 'Callback of PLUS',
    checkedWith: ['appid', 'secret_key'],
    description:
      'PLUS’s documents are not public: this contract is PayCore’s own, made after gateways of the same kind and unverified against the vendor. A callback is proved by `sign`, made as PAYCORE_PLUS_SIGN says, or, where that says `none`, by `t` alone. What is checked, in this order: the payment it is about, `appid`, `sign` or `t`, `money`, `status`.',
    bodies: [
      {
        type: 'application/x-www-form-urlencoded',
        title: 'A form',
        fields: FIELDS,
        example: new URLSearchParams(SIGNED).toString(),
      },
      {
        type: 'application/json',
        title: 'The same as JSON',
        fields: FIELDS,
        example: { ...SIGNED, money: Number(EXAMPLE.money) },
      },
    ],
    query: [
      {
        name: 't',
        type: 'string',
        description: 'Token of the order, as in the `callback_url` that PLUS was given. A wrong one is refused.',
      },
    ],
    refusals,
  };
}
