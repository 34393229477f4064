import { describe, expect, test } from 'bun:test';
import { LONG_QR, PAGE_URL, QR, SCREENS } from './example.ts';
import { count, readAttributes, render } from './html.ts';

describe('a QR code for a wallet', () => {
  test('is the only symbol on the page, drawn large, with nothing to copy but the page’s address', async () => {
    const html = await render(SCREENS.qr);
    expect(await count(html, '[data-pay-qr] svg')).toBe(1);
    expect(await count(html, 'svg[role="img"]')).toBe(1);
    expect(await count(html, '[data-qr] svg')).toBe(1);
    expect((await readAttributes(html, '[data-copy]')).map((button) => button['data-copy'])).toEqual([PAGE_URL]);
    const [svg] = await readAttributes(html, '[data-pay-qr] svg');
    expect(Number(svg?.width)).toBeGreaterThanOrEqual(240);
    expect(svg?.['aria-label']).toBe('PayNow 掃碼付款的 QR Code');
  });

  test('is in whole CSS pixels a module and fits a small phone, however long the text is', async () => {
    for (const data of ['x', QR.data, LONG_QR.data, 'x'.repeat(2000)]) {
      const [svg] = await readAttributes(await render({ instructions: { ...QR, data } }), '[data-pay-qr] svg');
      const modules = Number(svg?.viewbox?.split(' ')[2]);
      expect(Number(svg?.width) % modules).toBe(0);
      expect(Number(svg?.width)).toBeLessThanOrEqual(320);
    }
  });

  test('names the app that reads it', async () => {
    const steps = (method: string) => render({ instructions: QR, method });
    expect(await steps('paynow')).toContain('開啟新加坡的銀行 App的掃描功能');
    expect(await steps('promptpay')).toContain('開啟泰國的銀行 App的掃描功能');
    expect(await steps('wechat-pay')).toContain('開啟微信的掃描功能');
    expect(await steps('toString')).toContain('開啟錢包 App的掃描功能');
  });

  test('on the phone that pays: the picture is saved first; WeChat, which reads no picture, gets another screen', async () => {
    const pictureUrl = '/zh-tw/pay/PAY202606260001QWERTYUI/qr.png?token=t';
    const bank = await render({ instructions: QR, method: 'paynow', pictureUrl });
    expect(await readAttributes(bank, '[data-save-picture]')).toMatchObject([
      { href: pictureUrl, download: 'PAY202606260001QWERTYUI.png' },
    ]);
    expect(bank).toContain('或直接截圖');
    const wechat = await render({ instructions: QR, method: 'wechat-pay', pictureUrl });
    expect(await count(wechat, '[data-save-picture]')).toBe(0);
    expect(wechat).not.toContain('截圖');
    expect(wechat).toContain('請在另一個螢幕開啟本頁');
    expect((await readAttributes(wechat, '[data-copy]')).map((button) => button['data-copy'])).toEqual([PAGE_URL]);
  });

  test('can be replaced by a press that leaves this page for no gateway, and never by itself', async () => {
    const html = await render(SCREENS.qr);
    expect(await readAttributes(html, 'form')).toMatchObject([{ method: 'post', 'data-go': 'again' }]);
    expect((await readAttributes(html, 'form button'))[0]?.['data-busy']).toBe('正在取得新的 QR Code…');
    expect(await render({ ...SCREENS.qr, startAction: null })).not.toContain('<form');
  });

  test('that cannot be drawn takes nothing down: the page says so and offers another', async () => {
    const html = await render({ ...SCREENS.qr, instructions: { ...QR, data: 'x'.repeat(5000) } });
    expect(html).toContain('無法顯示');
    expect(await count(html, '[data-pay-qr] svg, [data-qr]')).toBe(0);
    expect((await readAttributes(html, 'form button'))[0]?.class).toBe('button');
  });

  test('is asked for on the go screen, without a word about leaving', async () => {
    for (const changes of [{}, { instructions: null }]) {
      const html = await render({ ...SCREENS['go for a new code'], ...changes });
      expect(html).toContain('取得新的 QR Code');
      expect(html).not.toContain('前往');
    }
  });
});
