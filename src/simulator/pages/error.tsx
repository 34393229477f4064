import type { VNode } from 'preact';
import type { Fault } from '../ecpay/fields.ts';
import { Layout, Rows } from './layout.tsx';

/** ECPay's refusal of an order, with its code and its words. */
export function errorPage(fault: Fault): VNode {
  return (
    <Layout title="Transaction refused">
      <section data-error-code={fault.code}>
        <h1>Transaction refused</h1>
        <p class="quiet">交易失敗</p>
        <Rows
          rows={[
            { name: 'Error code 錯誤代碼', value: <strong>{fault.code}</strong> },
            { name: 'Message 錯誤訊息', value: fault.message },
          ]}
        />
        <p class="quiet">Nothing was ordered. Go back to the shop and try again.</p>
      </section>
    </Layout>
  );
}

export function messagePage(title: string, text: string): VNode {
  return (
    <Layout title={title}>
      <h1>{title}</h1>
      <p>{text}</p>
    </Layout>
  );
}
