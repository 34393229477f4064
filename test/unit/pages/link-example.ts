import { LOCALES } from '../../../src/core/locale.ts';
import type { LinkPageModel } from '../../../src/pages/checkout/link-model.ts';
import { DEADLINE, NOW } from './example.ts';

/** A link that waits for somebody; tests change what they are about. */
export function makeLinkModel(changes: Partial<LinkPageModel> = {}): LinkPageModel {
  const locale = changes.locale ?? 'zh-tw';
  return {
    locale,
    now: NOW,
    state: 'open',
    linkNo: 'LNKq3Wz8RfT1kVb6YxN0sHc4m',
    title: '手沖課程報名費',
    itemName: null,
    shopName: '山行戶外用品',
    brand: { accent: null, logoUrl: null, contact: null },
    homeUrl: 'https://shop.example.tw/',
    livemode: true,
    currency: 'TWD',
    amount: 98_000,
    min: 100,
    max: 100_000_000_000_000,
    hasMin: false,
    hasMax: false,
    expiresAt: null,
    form: { amount: '', buyer_name: '', buyer_email: '' },
    problems: {},
    formKey: 'form_0123456789ABCDEFabcdef',
    action: `/${locale}/link/LNKq3Wz8RfT1kVb6YxN0sHc4m`,
    isSecure: true,
    languages: LOCALES.map((one) => ({ locale: one, href: `/${one}/link/LNKq3Wz8RfT1kVb6YxN0sHc4m` })),
    ...changes,
  };
}

const ENTERED: Partial<LinkPageModel> = { amount: null, min: 10_000, max: 5_000_000, hasMin: true, hasMax: true };

/** One model for every face of the page. */
export const LINK_SCREENS: Readonly<Record<string, Partial<LinkPageModel>>> = {
  fixed: { itemName: '七月十二日下午班', expiresAt: DEADLINE },
  entered: ENTERED,
  refused: {
    ...ENTERED,
    form: { amount: '12.5', buyer_name: 'x'.repeat(101), buyer_email: 'no' },
    problems: { amount: 'decimals', buyer_name: 'long', buyer_email: 'format' },
  },
  begun: { state: 'begun' },
  used: { state: 'used' },
  closed: { state: 'closed' },
  expired: { state: 'expired', expiresAt: NOW - 3_600_000 },
};

export const LONG_LINK: Partial<LinkPageModel> = {
  livemode: false,
  title: '臺北市大安區忠孝東路四段手作皮革與生活選物研究所夏季課程報名費'.repeat(3).slice(0, 100),
  itemName: 'W'.repeat(200),
  shopName: '臺北市大安區忠孝東路四段手作皮革與生活選物研究所股份有限公司',
};
