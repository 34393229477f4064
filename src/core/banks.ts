/** Names of the banks whose virtual accounts ECPay issues, by their three-digit code (Financial Information Service Co.). */
const BANKS: Readonly<Record<string, string>> = {
  '004': '臺灣銀行',
  '005': '臺灣土地銀行',
  '007': '第一銀行',
  '008': '華南銀行',
  '011': '上海商業儲蓄銀行',
  '012': '台北富邦銀行',
  '013': '國泰世華銀行',
  '017': '兆豐銀行',
  '050': '臺灣中小企業銀行',
  '108': '陽信銀行',
  '118': '板信銀行',
  '803': '聯邦銀行',
  '805': '遠東銀行',
  '806': '元大銀行',
  '807': '永豐銀行',
  '808': '玉山銀行',
  '809': '凱基銀行',
  '812': '台新銀行',
  '814': '大眾銀行',
  '815': '日盛銀行',
  '822': '中國信託銀行',
  '824': '連線銀行',
};

/** The bank's Chinese name, or an empty string for a code we do not know. */
export function nameBank(code: string): string {
  return BANKS[code] ?? '';
}
