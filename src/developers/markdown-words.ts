import type { DeskLocale } from '../core/locale.ts';
import type { Endpoint, Language } from './types.ts';

/** What the document in Markdown says beside the guides and the catalogue. */
export interface MarkdownWords {
  readonly title: string;
  readonly summary: string;
  readonly contents: string;
  readonly allErrors: string;
  readonly allErrorsText: string;
  readonly access: Readonly<Record<Endpoint['access'], string>>;
  readonly caller: Readonly<Record<Exclude<Endpoint['kind'], 'merchant'>, string>>;
  readonly notes: string;
  readonly highlights: string;
  readonly parameters: string;
  readonly answer: string;
  readonly refusal: string;
  readonly errors: string;
  readonly request: string;
  readonly body: string;
  readonly example: string;
  /** Fields that are described once, under another endpoint. */
  readonly known: (title: string) => string;
  readonly same: (title: string) => string;
  /** Behind the codes of an endpoint. */
  readonly errorsText: string;
  readonly columns: {
    readonly field: string;
    readonly place: string;
    readonly required: string;
    readonly type: string;
    readonly text: string;
    readonly status: string;
    readonly code: string;
    readonly meaning: string;
    readonly message: string;
  };
  readonly yes: string;
  readonly limits: string;
  readonly choices: string;
  readonly standard: string;
}

export const MARKDOWN_WORDS: Readonly<Record<DeskLocale, MarkdownWords>> = {
  en: {
    title: 'PayCore for developers',
    summary: 'One REST API and hosted payment pages in front of ECPay, SmilePay, PayPal, Stripe and PLUS.',
    contents: 'Contents',
    allErrors: 'Errors',
    allErrorsText:
      'Decide by the status and by `error.error_code`. `message` is for people and may change, except where this catalogue quotes it.',
    access: {
      key: 'Needs an API key in `X-API-KEY`.',
      either: 'With an API key in `X-API-KEY`, or without one.',
      open: 'Needs no API key.',
    },
    caller: {
      callback: 'Called by the gateway.',
      return: 'Opened by the payer’s browser.',
      notification: 'PayCore calls the shop.',
    },
    notes: 'Notes',
    highlights: 'Worth reading in the answer',
    parameters: 'Parameters',
    answer: 'Answer',
    refusal: 'Answer to what is refused',
    errors: 'Errors',
    request: 'Request',
    body: 'Body',
    example: 'Example',
    known: (title) => `These fields are described under “${title}”:`,
    same: (title) => `The fields are those of “${title}”.`,
    errorsText: 'What each code means stands in the table “Errors”.',
    columns: {
      field: 'Field',
      place: 'In',
      required: 'Required',
      type: 'Type',
      text: 'Meaning',
      status: 'Status',
      code: 'Code',
      meaning: 'Meaning',
      message: 'Message',
    },
    yes: 'yes',
    limits: 'Limits:',
    choices: 'One of',
    standard: 'Default:',
  },
  'zh-tw': {
    title: 'PayCore 開發者文件',
    summary: '一套 REST API 與代管付款頁，串接綠界 ECPay、速買配 SmilePay、PayPal、Stripe 與 PLUS。',
    contents: '目錄',
    allErrors: '錯誤代碼',
    allErrorsText:
      '請依 HTTP 狀態碼與 `error.error_code` 判斷。`message` 供人閱讀，除本文件引用的句子外，內容可能變動。',
    access: {
      key: '需要在 `X-API-KEY` 帶入 API 金鑰。',
      either: '可在 `X-API-KEY` 帶入 API 金鑰，也可不帶。',
      open: '不需要 API 金鑰。',
    },
    caller: {
      callback: '由金流商呼叫。',
      return: '由付款人的瀏覽器開啟。',
      notification: '由 PayCore 呼叫商店。',
    },
    notes: '注意事項',
    highlights: '回應重點欄位',
    parameters: '參數',
    answer: '回應',
    refusal: '拒絕時的回應',
    errors: '錯誤',
    request: '請求',
    body: '本文',
    example: '範例',
    known: (title) => `下列欄位的說明見「${title}」：`,
    same: (title) => `欄位與「${title}」相同。`,
    errorsText: '各代碼的意義請見「錯誤代碼」表。',
    columns: {
      field: '欄位',
      place: '位置',
      required: '必填',
      type: '型別',
      text: '說明',
      status: '狀態碼',
      code: '代碼',
      meaning: '意義',
      message: '訊息',
    },
    yes: '是',
    limits: '範圍：',
    choices: '可為',
    standard: '預設值：',
  },
};

/** What a code block is marked with. */
export const FENCES: Readonly<Record<Language, string>> = { curl: 'sh', node: 'js', php: 'php', python: 'python' };

export const LABELS: Readonly<Record<Language, string>> = {
  curl: 'cURL',
  node: 'Node',
  php: 'PHP (Laravel)',
  python: 'Python',
};
