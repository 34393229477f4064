import { expect, test } from 'bun:test';
import { describeAlert } from '../../../src/alerts/words.ts';
import { resolveAsset } from '../../../src/assets.ts';
import { readConfig } from '../../../src/config.ts';
import { ALERT_KINDS, type AlertData, type AlertKind } from '../../../src/core/alert.ts';
import { gateways } from '../../support/gateways.ts';

const FACTS: AlertData = {
  ...{ order_no: 'ORDER-1', amount: 'TWD 980', gateway: 'ecpay', reason: 'amount', refund_no: 'RF1' },
  ...{
    refund_amount: 'TWD 300',
    origin: 'https://shop.example',
    seconds: 300,
    address: '203.0.113.9',
    account: 'a@b.example',
  },
  ...{ day: '2026-06-22', livemode: true },
};

const describeIn = (locale: string, kind: AlertKind, data: AlertData) =>
  describeAlert(
    { config: readConfig({ PAYCORE_LOCALE: locale }), publicUrl: 'https://pay.example', gateways },
    { kind, paymentNo: 'PAY1', data },
  );

test.each(['zh-tw', 'en'])('every kind has its words in %s, with every place filled in', (locale) => {
  for (const kind of Object.keys(ALERT_KINDS) as AlertKind[]) {
    const { title, text, adminUrl } = describeIn(locale, kind, FACTS);
    for (const words of [title, text]) {
      expect(words.length).toBeGreaterThan(1);
      expect([kind, words.match(/[{}]|alerts\./)]).toEqual([kind, null]);
    }
    expect(adminUrl).toStartWith('https://pay.example/admin');
  }
});

test('every sentence stands in both languages', async () => {
  const keys = async (locale: string) =>
    Object.keys(await Bun.file(resolveAsset(`locales/admin/${locale}/alerts.json`)).json()).sort();
  expect(await keys('en')).toEqual(await keys('zh-tw'));
});

test('a reason of ours is said in the language, a gateway’s own as it is, and neither makes lines of its own', () => {
  const textOf = (kind: AlertKind, reason: string) => describeIn('zh-tw', kind, { ...FACTS, reason }).text;
  expect(textOf('disputed', 'fraudulent')).toContain('（fraudulent）');
  expect(textOf('mismatch', 'currency')).toContain('幣別');
  expect(textOf('disputed', 'x\r\nBcc: a@b.example')).not.toMatch(/[\r\n]/);
  const { title } = describeIn('en', 'late', { ...FACTS, order_no: 'A\r\nB', livemode: false });
  expect(title).toBe('[test] Paid after its time: order A B');
});
