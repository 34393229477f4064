import type { Brand, LinkPageModel, PageModel } from '../../../src/pages/checkout/index.ts';

/**
 * What shops and payers may put into a page: each of these stands in every text of a screen at once. `pwned` is what a
 * script in them would set.
 */
const SCRIPT = '</script></title></textarea><script>window.pwned=1</script>';
const HANDLER = `"'><img src=x onerror=window.pwned=1><svg onload=window.pwned=1>`;
const ZALGO = 'Z̷̢̛̮̗͙̃͐͊͝a̸̡͖̱̬͌̄̆͘͠l̶̨̛̠͓͉̂̾͋̚g̴̡̧̺̦̈́͗̔̕ͅơ̵̢̨̫͓͗͛̕';
const RTL = '\u202e089 \u0627\u0644\u0645\u0628\u0644\u063a \u2067\u05e9\u05dc\u05d5\u05dd\u2069 098\u202d';
/** Of four bytes each, joined and coloured too. */
const EMOJI = '👩🏽‍🚀🏳️‍🌈𠮷𩸽🧾';

export const HOSTILE: Readonly<Record<string, string>> = {
  script: SCRIPT,
  handler: HANDLER,
  'one word': 'W'.repeat(200),
  'no break in Chinese': '龘'.repeat(200),
  marks: ZALGO.repeat(8),
  'right to left': RTL.repeat(4),
  emoji: EMOJI.repeat(12),
  entities: '&lt;b&gt; &amp;amp; &#x27; $(alert) {{7*7}} %3Cscript%3E \\u003cscript\\u003e',
};

const brandOf = (text: string): Brand => ({
  accent: '#ff0"};*{display:none',
  logoUrl: `javascript:window.pwned=1//${text.slice(0, 20)}`,
  contact: text,
});

/** An address that is none, and one that carries the text as far as an address can. */
const scriptUrl = 'javascript:window.pwned=1';
const urlOf = (text: string): string => `https://shop.example.tw/?q=${encodeURIComponent(text)}&x="'><script>`;

export function hostileModel(text: string): Partial<PageModel> {
  return {
    shopName: text,
    merchantOrderNo: text,
    itemName: text,
    successUrl: urlOf(text),
    homeUrl: scriptUrl,
    brand: brandOf(text),
  };
}

export function hostileLink(text: string): Partial<LinkPageModel> {
  return {
    title: text,
    itemName: text,
    shopName: text,
    brand: brandOf(text),
    form: { amount: text, buyer_name: text, buyer_email: text },
  };
}
