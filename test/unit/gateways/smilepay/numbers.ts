import type { Order } from '../../../../src/core/payment.ts';
import type { CreateInput } from '../../../../src/gateways/gateway.ts';
import { requestNumber } from '../../../../src/gateways/smilepay/create.ts';
import { useStandIn } from '../../../support/apps.ts';
import { createInput, makeContext, ORDER_NO, TRADE_NO } from './support.ts';

/** Numbers asked for at a stand-in for ssl.smse.com.tw. */

export const xml = (fields: Readonly<Record<string, string>>) =>
  `<SmilePay>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</SmilePay>`;

export const NUMBERS = {
  atm: { AtmBankNo: '809', AtmNo: '8011773423689453' },
  cvs: { IbonNo: '21693575306' },
  barcode: { Barcode1: '150630A1F', Barcode2: '6763618191673429', Barcode3: '00000980000000000000' },
};
export type Path = keyof typeof NUMBERS;

export const ISSUED = {
  Status: '1',
  Desc: 'Succeeded',
  Rvg2c: '1',
  Dcvc: '107',
  SmilePayNO: TRADE_NO,
  Data_id: ORDER_NO,
  Amount: '980',
  PayEndDate: '2026/06/28 23:59:59',
};

export function useSmilepay() {
  const server = useStandIn();
  return {
    server,
    answerWith: (body: string, status = 200) => {
      server.answer = () => new Response(body, { status, headers: { 'content-type': 'text/xml' } });
    },
    ask: (path: Path, order: Order = {}, change: Partial<CreateInput> = {}) =>
      requestNumber(createInput(path, order, change), makeContext(server.url)),
  };
}
