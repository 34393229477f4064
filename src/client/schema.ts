/**
 * What each route takes and answers. Written by `npm run client` from the definitions of the routes; a change here is
 * lost, and a test says when this file has fallen behind.
 */

export interface Operations {
  /** Create an All-in-One payment. */
  'POST /api/paycore/checkout': {
    readonly body: {
      /**
       * Your order number. While its payment is pending or paid, the same number means the same payment. Must be text
       * without control characters.
       */
      readonly merchant_order_no: string;
      /** Amount in whole units of the currency: an integer, or a text with decimals ("10.99"). */
      readonly amount: number | string;
      /** ISO 4217 code. */
      readonly currency?: string | undefined;
      /** Your identifier of the payer. */
      readonly payer_account?: string | undefined;
      /** Where the payer goes after paying; the project’s own address when left out. */
      readonly success_url?: string | undefined;
      /** Used as success_url when that is left out. */
      readonly return_url?: string | undefined;
      /** Where the payer goes to give up; the project’s own address when left out. */
      readonly cancel_url?: string | undefined;
      /** Notified by PayCore after payment; the project’s own address when left out. */
      readonly payok_url?: string | undefined;
      /** What is paid for. */
      readonly item_name?: string | undefined;
      /** Used as item name when that is left out. */
      readonly description?: string | undefined;
      /** Name of the buyer. */
      readonly buyer_name?: string | undefined;
      /** Mobile number. */
      readonly buyer_mobile?: string | undefined;
      /** Phone number. */
      readonly buyer_phone?: string | undefined;
      /** Telephone number. */
      readonly buyer_tel?: string | undefined;
      /** E-mail address. */
      readonly buyer_email?: string | undefined;
      /** Days until the payment expires. */
      readonly expire_days?: number | undefined;
      /**
       * Language of the payer: of `payment_url`, and of the gateway’s own pages as far as it speaks it. Left out, the
       * payer’s browser says which.
       */
      readonly locale?: "zh-tw" | "zh-cn" | "en" | "ja" | "ko" | "th" | "ms" | undefined;
      /** At most 20 string pairs, given back everywhere. */
      readonly metadata?: Readonly<Record<string, string>> | undefined;
    };
    readonly answer: Payment & {
      /** False when the order had this payment already. */
      readonly created: boolean;
    };
  };
  /** List ways to pay. */
  'GET /api/paycore/methods': {
    readonly answer: {
      readonly methods: ReadonlyArray<Method>;
    };
  };
  /** Query payment. */
  'GET /api/paycore/payments/{paymentNo}': {
    readonly answer: Payment;
  };
  /** Sync payment status. */
  'POST /api/paycore/payments/{paymentNo}/sync': {
    readonly body: Readonly<Record<string, unknown>>;
    readonly answer: Payment & {
      readonly sync: Sync;
    };
  };
  /** List payments. */
  'GET /api/paycore/payments': {
    readonly query: {
      /** Only payments in this status. */
      readonly status?: "pending" | "paid" | "failed" | "expired" | undefined;
      /** Only payments by this gateway. */
      readonly gateway?: string | undefined;
      /** Only payments by this method. */
      readonly method?: string | undefined;
      /** Only payments with this flag. */
      readonly flag?: "late" | "duplicate" | "mismatch" | "simulated" | "under_review" | "attention" | undefined;
      /** Start of `merchant_order_no`, in its very letters; also of `payment_no` when it begins with PAY and a digit. */
      readonly number?: string | undefined;
      /**
       * Start of `merchant_order_no` or `payment_no`, of an account, code or barcode, of `gateway_trade_no`, or of the
       * buyer’s name, e-mail or telephone, however it is spelled. Not together with `number`.
       */
      readonly search?: string | undefined;
      /** Made at or after: a day (yyyy-mm-dd, Taipei) or an ISO 8601 instant with offset. */
      readonly from?: string | undefined;
      /** Made before: a day (yyyy-mm-dd, Taipei) or an ISO 8601 instant with offset; of a day, its end is meant. */
      readonly to?: string | undefined;
      /** Most that a page holds. */
      readonly limit?: number | undefined;
      /** `next_cursor` of the page before, as it came. */
      readonly cursor?: string | undefined;
    };
    readonly answer: {
      readonly payments: ReadonlyArray<Payment>;
      /** `cursor` of the next page; null: this was the last one. */
      readonly next_cursor: string | null;
    };
  };
  /** Timeline of a payment. */
  'GET /api/paycore/payments/{paymentNo}/events': {
    readonly query: {
      /** Most that a page holds. */
      readonly limit?: number | undefined;
      /** `next_cursor` of the page before, as it came. */
      readonly cursor?: string | undefined;
    };
    readonly answer: {
      readonly events: ReadonlyArray<Event>;
      /** `cursor` of the next page; null: this was the last one. */
      readonly next_cursor: string | null;
    };
  };
  /** Cancel payment. */
  'POST /api/paycore/payments/{paymentNo}/cancel': {
    readonly body: Readonly<Record<string, unknown>>;
    readonly answer: Payment;
  };
  /** Send the notification again. */
  'POST /api/paycore/payments/{paymentNo}/notifications': {
    readonly body: Readonly<Record<string, unknown>>;
    readonly answer: ResentNotification;
  };
  /** Refund a payment. */
  'POST /api/paycore/payments/{paymentNo}/refunds': {
    readonly body: {
      /**
       * How much, in the unit of the route the payment came by; all that is left when the field is missing. Null and
       * empty text are refused.
       */
      readonly amount?: number | string | undefined;
      /** For the books; some gateways show it to the payer. */
      readonly reason?: string | undefined;
      /**
       * Which money, when an order was paid twice: the number in the `payment.duplicate` notification. What counts as
       * this payment when the field is missing. Null and empty text are refused.
       */
      readonly gateway_trade_no?: string | undefined;
    };
    readonly answer: Refund;
  };
  /** List refunds of a payment. */
  'GET /api/paycore/payments/{paymentNo}/refunds': {
    readonly answer: {
      readonly refunds: ReadonlyArray<Refund>;
    };
  };
  /** Create a payment link. */
  'POST /api/paycore/links': {
    readonly body: {
      /** What the payer reads above the amount. Must be text without control characters. */
      readonly title: string;
      /**
       * Amount in whole units of the currency: an integer, or a text with decimals ("10.99"). When the field is
       * missing, the payer enters it; null and empty text are refused.
       */
      readonly amount?: number | string | undefined;
      /** Least that the payer may enter; only without `amount`. */
      readonly min_amount?: number | string | undefined;
      /** Most that the payer may enter; only without `amount`. */
      readonly max_amount?: number | string | undefined;
      /** ISO 4217 code. */
      readonly currency?: string | undefined;
      /** True: it is used up when one payment is paid. Left out, everybody who opens it makes a payment of his own. */
      readonly single_use?: boolean | undefined;
      /**
       * From then on nobody can begin to pay: a day (yyyy-mm-dd, Taipei) or an ISO 8601 instant with offset; of a day,
       * its end is meant.
       */
      readonly expires_at?: string | undefined;
      /** Days until it expires, instead of `expires_at`. With neither it stays open until it is closed. */
      readonly expire_days?: number | undefined;
      /** What is paid for; the title when left out. */
      readonly item_name?: string | undefined;
      /** Where the payer goes after paying; the project’s own address when left out. */
      readonly success_url?: string | undefined;
      /** Where the payer goes to give up; the project’s own address when left out. */
      readonly cancel_url?: string | undefined;
      /** Notified by PayCore after payment; the project’s own address when left out. */
      readonly payok_url?: string | undefined;
      /** Language of the payers: of `link_url` and of every payment of the link. Left out, their browsers say which. */
      readonly locale?: "zh-tw" | "zh-cn" | "en" | "ja" | "ko" | "th" | "ms" | undefined;
      /** At most 20 string pairs, given to every payment of the link. */
      readonly metadata?: Readonly<Record<string, string>> | undefined;
    };
    readonly answer: PaymentLink;
  };
  /** List payment links. */
  'GET /api/paycore/links': {
    readonly query: {
      /** Most that a page holds. */
      readonly limit?: number | undefined;
      /** `next_cursor` of the page before, as it came. */
      readonly cursor?: string | undefined;
    };
    readonly answer: {
      readonly links: ReadonlyArray<PaymentLink>;
      /** `cursor` of the next page; null: this was the last one. */
      readonly next_cursor: string | null;
    };
  };
  /** Query a payment link. */
  'GET /api/paycore/links/{linkNo}': {
    readonly answer: PaymentLink;
  };
  /** Close a payment link. */
  'POST /api/paycore/links/{linkNo}/close': {
    readonly body: Readonly<Record<string, unknown>>;
    readonly answer: PaymentLink;
  };
  /** Home overview. */
  'GET /api/paycore/home/overview': {
    readonly query: {
      /** IANA time zone for days and months; the shop’s own when left out. */
      readonly timezone?: string | undefined;
    };
    readonly answer: Overview;
  };
  /** Liveness. */
  'GET /healthz': {
    readonly answer: {
      readonly status: "ok";
      /** Version of PayCore. */
      readonly version: string;
    };
  };
  /** Readiness. */
  'GET /readyz': {
    readonly answer: Readiness;
  };
  /** Create ECPay AIO payment. */
  'POST /api/paycore/pay/ecpay/aio': {
    readonly body: EcpayAioRequest;
    readonly answer: EcpayAioPayment;
  };
  /** Create ECPay AIO credit card payment. */
  'POST /api/paycore/pay/ecpay/aio/credit': {
    readonly body: EcpayAioCreditRequest;
    readonly answer: EcpayAioCreditPayment;
  };
  /** Create ECPay AIO ATM payment. */
  'POST /api/paycore/pay/ecpay/aio/atm': {
    readonly body: EcpayAioAtmRequest;
    readonly answer: EcpayAioAtmPayment;
  };
  /** Create ECPay AIO CVS code payment. */
  'POST /api/paycore/pay/ecpay/aio/cvs': {
    readonly body: EcpayAioCvsRequest;
    readonly answer: EcpayAioCvsPayment;
  };
  /** Create ECPay AIO barcode payment. */
  'POST /api/paycore/pay/ecpay/aio/barcode': {
    readonly body: EcpayAioBarcodeRequest;
    readonly answer: EcpayAioBarcodePayment;
  };
  /** Create ECPay in-site payment. */
  'POST /api/paycore/pay/ecpay/ecpg': {
    readonly body: EcpayEcpgRequest;
    readonly answer: EcpayEcpgPayment;
  };
  /** Create ECPay ATM background code. */
  'POST /api/paycore/pay/ecpay/atm': {
    readonly body: EcpayAtmRequest;
    readonly answer: EcpayAtmPayment;
  };
  /** Create ECPay CVS background code. */
  'POST /api/paycore/pay/ecpay/cvs': {
    readonly body: EcpayCvsRequest;
    readonly answer: EcpayCvsPayment;
  };
  /** Create ECPay barcode background code. */
  'POST /api/paycore/pay/ecpay/barcode': {
    readonly body: EcpayBarcodeRequest;
    readonly answer: EcpayBarcodePayment;
  };
  /** Create SmilePay ATM virtual account. */
  'POST /api/paycore/pay/smilepay/atm': {
    readonly body: SmilepayAtmRequest;
    readonly answer: SmilepayAtmPayment;
  };
  /** Create SmilePay CVS code payment. */
  'POST /api/paycore/pay/smilepay/cvs': {
    readonly body: SmilepayCvsRequest;
    readonly answer: SmilepayCvsPayment;
  };
  /** Create SmilePay barcode payment. */
  'POST /api/paycore/pay/smilepay/barcode': {
    readonly body: SmilepayBarcodeRequest;
    readonly answer: SmilepayBarcodePayment;
  };
  /** Create PayPal Checkout. */
  'POST /api/paycore/pay/paypal/checkout': {
    readonly body: PaypalCheckoutRequest;
    readonly answer: PaypalCheckoutPayment;
  };
  /** Create Stripe card payment. */
  'POST /api/paycore/pay/stripe/credit': {
    readonly body: StripeCreditRequest;
    readonly answer: StripeCreditPayment;
  };
  /** Create Stripe Alipay payment (China). */
  'POST /api/paycore/pay/stripe/alipay': {
    readonly body: StripeAlipayRequest;
    readonly answer: StripeAlipayPayment;
  };
  /** Create Stripe WeChat Pay payment (China). */
  'POST /api/paycore/pay/stripe/wechat-pay': {
    readonly body: StripeWechatPayRequest;
    readonly answer: StripeWechatPayPayment;
  };
  /** Create Stripe GrabPay payment (Singapore / Malaysia). */
  'POST /api/paycore/pay/stripe/grabpay': {
    readonly body: StripeGrabpayRequest;
    readonly answer: StripeGrabpayPayment;
  };
  /** Create Stripe PayNow payment (Singapore). */
  'POST /api/paycore/pay/stripe/paynow': {
    readonly body: StripePaynowRequest;
    readonly answer: StripePaynowPayment;
  };
  /** Create Stripe PromptPay payment (Thailand). */
  'POST /api/paycore/pay/stripe/promptpay': {
    readonly body: StripePromptpayRequest;
    readonly answer: StripePromptpayPayment;
  };
  /** Create Stripe FPX payment (Malaysia). */
  'POST /api/paycore/pay/stripe/fpx': {
    readonly body: StripeFpxRequest;
    readonly answer: StripeFpxPayment;
  };
  /** Create PLUS ATM payment. */
  'POST /api/paycore/pay/plus/atm': {
    readonly body: PlusAtmRequest;
    readonly answer: PlusAtmPayment;
  };
  /** Pay in 綠界 ECPay’s in-site form. */
  'POST /api/paycore/pay/ecpay/ecpg/{paymentNo}/create': {
    readonly body: InSitePayRequest;
    readonly query: {
      /** The `token` of `payment_url`, in place of an API key. */
      readonly token?: string | undefined;
      /** Language of the page that the payer comes back to. */
      readonly locale?: "zh-tw" | "zh-cn" | "en" | "ja" | "ko" | "th" | "ms" | undefined;
    };
    readonly answer: InSitePayment;
  };
  /** Query PLUS balance. */
  'POST /api/paycore/gateways/plus/balance': {
    readonly body: {
      /**
       * Your account at PLUS. May be left out when the project keeps credentials of this gateway. Stored encrypted,
       * and given back by no answer.
       */
      readonly gateway_credentials?: PlusCredentials | undefined;
    };
    readonly answer: {
      readonly gateway: "plus";
      /** What the merchant has; null: PLUS did not say. */
      readonly balance: number | string | null;
      /** PLUS’s own answer, without credentials. */
      readonly raw_response: unknown;
    };
  };
}

/** Fields that are not listed are ignored; null and empty text count as left out. */
export type CreateRequest = {
  /**
   * Your order number. While its payment is pending or paid, the same number means the same payment. Must be text
   * without control characters.
   */
  readonly merchant_order_no: string;
  /** Your identifier of the payer. */
  readonly payer_account?: string | undefined;
  /** Where the payer goes after paying; the project’s own address when left out. */
  readonly success_url?: string | undefined;
  /** Used as success_url when that is left out. */
  readonly return_url?: string | undefined;
  /** Where the payer goes to give up; the project’s own address when left out. */
  readonly cancel_url?: string | undefined;
  /** Notified by PayCore after payment; the project’s own address when left out. */
  readonly payok_url?: string | undefined;
  /** What is paid for. */
  readonly item_name?: string | undefined;
  /** Used as item name when that is left out. */
  readonly description?: string | undefined;
  /** Name of the buyer. */
  readonly buyer_name?: string | undefined;
  /** Mobile number. */
  readonly buyer_mobile?: string | undefined;
  /** Phone number. */
  readonly buyer_phone?: string | undefined;
  /** Telephone number. */
  readonly buyer_tel?: string | undefined;
  /** E-mail address. */
  readonly buyer_email?: string | undefined;
  /** Days until the payment expires. */
  readonly expire_days?: number | undefined;
  /**
   * Language of the payer: of `payment_url`, and of the gateway’s own pages as far as it speaks it. Left out, the
   * payer’s browser says which.
   */
  readonly locale?: "zh-tw" | "zh-cn" | "en" | "ja" | "ko" | "th" | "ms" | undefined;
  /** At most 20 string pairs, given back everywhere. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

export type EcpayAioAtmPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "atm";
  readonly mode: "aio";
  readonly payment_info: {
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
  /** A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough. */
  readonly redirect_form: RedirectForm;
};

export type EcpayAioAtmRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 11 to 49999, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Branch of the shop. Must be letters and digits. */
    readonly StoreID?: string | undefined;
    /** ECPay reports card and account details with the result; Y for cards unless you say N. */
    readonly NeedExtraPaidInfo?: "Y" | "N" | undefined;
    /** Skips the choice of bank or store. */
    readonly ChooseSubPayment?:
      | "BOT"
      | "CHINATRUST"
      | "FIRST"
      | "LAND"
      | "CATHAY"
      | "PANHSIN"
      | "KGI"
      | "TAISHIN"
      | "ESUN"
      | "FUBON"
      | "TACHONG" | undefined;
    /** Language of the cashier. */
    readonly Language?: "ENG" | "KOR" | "JPN" | "CHI" | undefined;
    /** "Back to shop" on ECPay’s pages. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ClientBackURL?: string | undefined;
    /** Page of the product. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ItemURL?: string | undefined;
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField2?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField3?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField4?: string | undefined;
    /** Days an ATM account lives; wins over expire_days. */
    readonly ExpireDate?: number | undefined;
  } | undefined;
};

export type EcpayAioBarcodePayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "barcode";
  readonly mode: "aio";
  readonly payment_info: {
    readonly ecpay: {
      /** What the payer was given. */
      readonly selected_payment_method: string;
      /** What to hand to the payer: the page that shows the barcodes. */
      readonly barcode_user_copy_url: string;
      /** The store scans the page; the three numbers alone are of no use. */
      readonly barcode_segments_copyable: false;
      /** What the payer has to do, for programs. */
      readonly barcode_user_action: string;
      /** The gateway’s guide to paying with barcodes. */
      readonly barcode_intro_url: string | null;
    };
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
  /** A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough. */
  readonly redirect_form: RedirectForm;
};

export type EcpayAioBarcodeRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 16 to 20000, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Branch of the shop. Must be letters and digits. */
    readonly StoreID?: string | undefined;
    /** ECPay reports card and account details with the result; Y for cards unless you say N. */
    readonly NeedExtraPaidInfo?: "Y" | "N" | undefined;
    /** Skips the choice of bank or store. */
    readonly ChooseSubPayment?: "BARCODE" | undefined;
    /** Language of the cashier. */
    readonly Language?: "ENG" | "KOR" | "JPN" | "CHI" | undefined;
    /** "Back to shop" on ECPay’s pages. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ClientBackURL?: string | undefined;
    /** Page of the product. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ItemURL?: string | undefined;
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField2?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField3?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField4?: string | undefined;
    /** Days barcodes live; wins over expire_days. */
    readonly StoreExpireDate?: number | undefined;
  } | undefined;
};

export type EcpayAioCreditPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "credit";
  readonly mode: "aio";
  readonly payment_info: {
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
  /** A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough. */
  readonly redirect_form: RedirectForm;
};

export type EcpayAioCreditRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 5 to 199999, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Branch of the shop. Must be letters and digits. */
    readonly StoreID?: string | undefined;
    /** ECPay reports card and account details with the result; Y for cards unless you say N. */
    readonly NeedExtraPaidInfo?: "Y" | "N" | undefined;
    /**
     * Instalments the payer may choose. 30N needs NT$20,000. Must be periods of 3, 6, 12, 18, 24, 30N joined by
     * commas.
     */
    readonly CreditInstallment?: string | undefined;
    /** Card bonus points. */
    readonly Redeem?: "Y" | "N" | undefined;
    /** 0 the payer chooses, 1 UnionPay only, 2 hidden. */
    readonly UnionPay?: 0 | 1 | 2 | undefined;
    /** Self-paid instalments; needs NT$1,000. ECPay offers them beside ordinary card payment. */
    readonly FlexibleInstallment?: boolean | undefined;
    /** Remembers the card. */
    readonly BindingCard?: 0 | 1 | undefined;
    /**
     * Member the card is remembered for; required with BindingCard 1. Must be one line of text without < > & ' " \ |
     * and `.
     */
    readonly MerchantMemberID?: string | undefined;
    /** Language of the cashier. */
    readonly Language?: "ENG" | "KOR" | "JPN" | "CHI" | undefined;
    /** "Back to shop" on ECPay’s pages. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ClientBackURL?: string | undefined;
    /** Page of the product. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ItemURL?: string | undefined;
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField2?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField3?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField4?: string | undefined;
  } | undefined;
};

export type EcpayAioCvsPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "cvs";
  readonly mode: "aio";
  readonly payment_info: {
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
  /** A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough. */
  readonly redirect_form: RedirectForm;
};

export type EcpayAioCvsRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 27 to 20000, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Branch of the shop. Must be letters and digits. */
    readonly StoreID?: string | undefined;
    /** ECPay reports card and account details with the result; Y for cards unless you say N. */
    readonly NeedExtraPaidInfo?: "Y" | "N" | undefined;
    /** Skips the choice of bank or store. */
    readonly ChooseSubPayment?: "CVS" | "OK" | "FAMILY" | "HILIFE" | "IBON" | undefined;
    /** Language of the cashier. */
    readonly Language?: "ENG" | "KOR" | "JPN" | "CHI" | undefined;
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_1?: string | undefined;
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_2?: string | undefined;
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_3?: string | undefined;
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_4?: string | undefined;
    /** "Back to shop" on ECPay’s pages. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ClientBackURL?: string | undefined;
    /** Page of the product. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ItemURL?: string | undefined;
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField2?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField3?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField4?: string | undefined;
    /** Minutes a store code lives, 43200 at most; wins over expire_days. */
    readonly StoreExpireDate?: number | undefined;
  } | undefined;
};

export type EcpayAioPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "all";
  readonly mode: "aio";
  readonly payment_info: {
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
  /** A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough. */
  readonly redirect_form: RedirectForm;
};

export type EcpayAioRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 5 to 199999, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Branch of the shop. Must be letters and digits. */
    readonly StoreID?: string | undefined;
    /** ECPay reports card and account details with the result; Y for cards unless you say N. */
    readonly NeedExtraPaidInfo?: "Y" | "N" | undefined;
    /**
     * Ways to pay that the cashier hides. Must be names of Credit, WebATM, ATM, CVS, BARCODE, ApplePay, TWQR, BNPL,
     * WeiXin joined by #.
     */
    readonly IgnorePayment?: string | undefined;
    /**
     * Instalments the payer may choose. 30N needs NT$20,000. Must be periods of 3, 6, 12, 18, 24, 30N joined by
     * commas.
     */
    readonly CreditInstallment?: string | undefined;
    /** Card bonus points. */
    readonly Redeem?: "Y" | "N" | undefined;
    /** 0 the payer chooses, 1 UnionPay only, 2 hidden. */
    readonly UnionPay?: 0 | 1 | 2 | undefined;
    /** Self-paid instalments; needs NT$1,000. ECPay offers them beside ordinary card payment. */
    readonly FlexibleInstallment?: boolean | undefined;
    /** Remembers the card. */
    readonly BindingCard?: 0 | 1 | undefined;
    /**
     * Member the card is remembered for; required with BindingCard 1. Must be one line of text without < > & ' " \ |
     * and `.
     */
    readonly MerchantMemberID?: string | undefined;
    /** Language of the cashier. */
    readonly Language?: "ENG" | "KOR" | "JPN" | "CHI" | undefined;
    /** "Back to shop" on ECPay’s pages. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ClientBackURL?: string | undefined;
    /** Page of the product. Must be an address without quotes, blanks, ; \ | ` < > and %3C. */
    readonly ItemURL?: string | undefined;
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField2?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField3?: string | undefined;
    /** Echoed by ECPay. Must be letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -. */
    readonly CustomField4?: string | undefined;
    /** Days an ATM account lives; wins over expire_days. */
    readonly ExpireDate?: number | undefined;
  } | undefined;
};

export type EcpayAtmPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "atm";
  readonly mode: "background";
  readonly payment_info: {
    /** Three-digit code of the bank the payer transfers to. */
    readonly bank_code: string;
    /** Chinese name of that bank; empty when PayCore does not know the code. */
    readonly bank_name: string;
    /** Account number made for this one payment. */
    readonly virtual_account: string;
    /** Last moment to pay, in Taipei time (UTC+8). */
    readonly expire_at: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type EcpayAtmRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 11 to 49999, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Days an ATM account lives; wins over expire_days. */
    readonly ExpireDate?: number | undefined;
    /** Bank that issues the account. */
    readonly ATMBankCode?: "004" | "005" | "007" | "013" | "118" | "809" | "822" | undefined;
  } | undefined;
};

export type EcpayBarcodePayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "barcode";
  readonly mode: "background";
  readonly payment_info: {
    readonly ecpay: {
      /** What the payer was given. */
      readonly selected_payment_method: string;
      /** What to hand to the payer: the page that shows the barcodes. */
      readonly barcode_user_copy_url: string;
      /** The store scans the page; the three numbers alone are of no use. */
      readonly barcode_segments_copyable: false;
      /** What the payer has to do, for programs. */
      readonly barcode_user_action: string;
      /** The gateway’s guide to paying with barcodes. */
      readonly barcode_intro_url: string | null;
      /** First of the three Code 39 barcodes. */
      readonly barcode1: string;
      /** Second barcode. */
      readonly barcode2: string;
      /** Third barcode. */
      readonly barcode3: string;
      /** Last moment to pay, in Taipei time (UTC+8). */
      readonly expire_at: string;
    };
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type EcpayBarcodeRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 16 to 20000, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Days barcodes live; wins over expire_days. */
    readonly StoreExpireDate?: number | undefined;
  } | undefined;
};

/**
 * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
 * encrypted, and given back by no answer.
 */
export type EcpayCredentials = {
  /** ECPay merchant ID. MerchantID is also accepted. 1 to 10 letters and digits. */
  readonly merchant_id: string;
  /** ECPay HashKey. 16 characters. Also taken as HashKey. */
  readonly hash_key: string;
  /** ECPay HashIV. 16 characters. Also taken as HashIV. */
  readonly hash_iv: string;
  /**
   * Optional ECPay PlatformID, for contracted platform merchants. 1 to 10 letters and digits. Also taken as
   * PlatformID.
   */
  readonly platform_id?: string | undefined;
  /**
   * Which of the gateway's systems. Left out: production with a live key, stage with a test key. A test key never
   * reaches production.
   */
  readonly environment?: "stage" | "staging" | "test" | "testing" | "production" | "prod" | undefined;
};

export type EcpayCvsPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "cvs";
  readonly mode: "background";
  readonly payment_info: {
    /** Code the payer types in at the machine in the store. */
    readonly payment_code: string;
    /** The gateway’s page that shows the code as a barcode. */
    readonly payment_code_url: string | null;
    /** Last moment to pay, in Taipei time (UTC+8). */
    readonly expire_at: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type EcpayCvsRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 27 to 20000, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_1?: string | undefined;
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_2?: string | undefined;
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_3?: string | undefined;
    /** Shown on the store’s machine. Must be one line of text without < > & ' " \ | and `. */
    readonly Desc_4?: string | undefined;
    /** Remark. Must be one line of text without < > & ' " \ | and `. */
    readonly Remark?: string | undefined;
    /** Minutes a store code lives, 43200 at most; wins over expire_days. */
    readonly StoreExpireDate?: number | undefined;
    /** Chain the code is for; CVS is any. */
    readonly CVSCode?: "CVS" | "OK" | "FAMILY" | "HILIFE" | "IBON" | undefined;
  } | undefined;
};

export type EcpayEcpgPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "ecpay";
  readonly method: "ecpg";
  readonly mode: "ecpg";
  readonly payment_info: {
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type EcpayEcpgRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 5 to 199999, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /** Ways to pay that ECPay’s form offers; all when left out. */
  readonly methods?: ReadonlyArray<"credit" | "installment" | "atm" | "cvs" | "barcode" | "unionpay"> | undefined;
  /**
   * Your account at 綠界 ECPay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: EcpayCredentials | undefined;
  /** Optional fields in 綠界 ECPay’s own names; any other name is refused. */
  readonly ecpay?: {
    /**
     * Instalments the payer may choose. 30N needs NT$20,000. Must be periods of 3, 6, 12, 18, 24, 30N joined by
     * commas.
     */
    readonly CreditInstallment?: string | undefined;
    /** Self-paid instalments; needs NT$1,000. ECPay offers them beside ordinary card payment. */
    readonly FlexibleInstallment?: boolean | undefined;
  } | undefined;
};

export type ErrorCode =
  | "API_KEY_INVALID"
  | "INVALID_JSON"
  | "INVALID_ENCODING"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "PAYLOAD_TOO_LARGE"
  | "REQUEST_TIMEOUT"
  | "SERVER_BUSY"
  | "VALIDATION_FAILED"
  | "INVALID_ARGUMENT"
  | "REQUEST_TARGET_INVALID"
  | "ROUTE_NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "PAYMENT_NOT_FOUND"
  | "LINK_NOT_FOUND"
  | "ORDER_CONFLICT"
  | "IDEMPOTENCY_KEY_REUSED"
  | "IDEMPOTENCY_KEY_INVALID"
  | "RATE_LIMITED"
  | "TEST_KEY_PRODUCTION"
  | "GATEWAY_HAS_NO_TEST_MODE"
  | "ECPAY_CREDENTIAL_INVALID"
  | "ECPAY_BACKGROUND_CODE_FAILED"
  | "ECPAY_PAYMENT_FAILED"
  | "SMILEPAY_CREDENTIAL_INVALID"
  | "SMILEPAY_REQUEST_REJECTED"
  | "SMILEPAY_BARCODE_SERVICE_NOT_ENABLED"
  | "PAYPAL_CLIENT_ID_REQUIRED"
  | "PAYPAL_CLIENT_SECRET_REQUIRED"
  | "PAYPAL_ENVIRONMENT_INVALID"
  | "PAYPAL_REQUEST_REJECTED"
  | "PAYPAL_WEBHOOK_VERIFY_FAILED"
  | "STRIPE_SECRET_KEY_INVALID"
  | "STRIPE_PUBLISHABLE_KEY_INVALID"
  | "STRIPE_WEBHOOK_SECRET_INVALID"
  | "STRIPE_AUTH_FAILED"
  | "STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED"
  | "STRIPE_PAYMENT_INTENT_CREATE_FAILED"
  | "STRIPE_WEBHOOK_SIGNATURE_INVALID"
  | "PLUS_CREDENTIAL_INVALID"
  | "PLUS_URL_REQUIRED"
  | "PLUS_REQUEST_REJECTED"
  | "WEBHOOK_REFUSED"
  | "UNSUPPORTED_GATEWAY_ACTION"
  | "GATEWAY_ACTION_FAILED"
  | "GATEWAY_CREDENTIAL_INVALID"
  | "GATEWAY_REQUEST_REJECTED"
  | "gateway_sync_not_supported"
  | "GATEWAY_RESTING"
  | "REFUND_NOT_SUPPORTED"
  | "REFUND_EXCEEDS_AMOUNT"
  | "REFUND_TOO_MANY"
  | "REFUND_NOT_FOUND"
  | "REFUND_SETTLED"
  | "REFUND_IN_PROGRESS"
  | "REFUND_NUMBER_TAKEN"
  | "TROUBLE_NOT_FOUND"
  | "TROUBLE_UNSETTLED"
  | "REFUND_REFUSED"
  | "PAYMENT_NOT_PAID"
  | "PAYMENT_ALREADY_PAID"
  | "PAYMENT_IN_PROGRESS"
  | "NOTIFICATION_NOT_FOUND"
  | "NOTIFICATION_NOT_WANTED"
  | "PAYMENT_NOT_PAYABLE"
  | "PAYMENT_GATEWAY_ERROR"
  | "PAYMENT_GATEWAY_TIMEOUT"
  | "STORAGE_UNAVAILABLE"
  | "INTERNAL_ERROR";

export type Event = {
  /**
   * E.g. `payment.created`, `callback.accepted`, `notification.delivered`; `admin.sync`, `.resend`, `.cancel`,
   * `.refund` and `.handled` for what a person did at the admin pages.
   */
  readonly type: string;
  readonly at: string;
  /** Who or what it came from. */
  readonly by: {
    readonly type: "api_key" | "payer" | "gateway" | "paycore" | "person" | "operator";
    /** The gateway, the first letters of the key, or the person’s name. */
    readonly name: string | null;
  };
  /** The try that it is about. */
  readonly gateway_order_no: string | null;
  /** What else is known, by type; more may be added. */
  readonly data: Readonly<Record<string, unknown>>;
};

export type InSitePayRequest = {
  /** What ECPay’s script gave the browser. Must be the token that the form gave. */
  readonly PayToken: string;
};

export type InSitePayment = Payment & {
  /** Where the payer goes on, for 3-D Secure or UnionPay. Missing when the payment needs nothing more of that kind. */
  readonly redirect_url?: string | undefined;
};

export type Method = {
  /** Gateway and last part of the route. */
  readonly name: string;
  /** Where a payment is made this way. */
  readonly route: string;
  /** Id of the gateway; null while the payer has not chosen at the All-in-One checkout. */
  readonly gateway: string | null;
  readonly gateway_name: string;
  readonly method: string;
  readonly mode: string;
  readonly title: string;
  /** What payers know it as, whichever gateway takes it: each kind is one row where they choose. */
  readonly kind:
    | "card"
    | "atm"
    | "cvs"
    | "barcode"
    | "paypal"
    | "alipay"
    | "wechat"
    | "grabpay"
    | "paynow"
    | "promptpay"
    | "fpx"
    | "cashier"
    | "online";
  /** ISO 4217 codes. */
  readonly currencies: ReadonlyArray<string>;
  /** By currency: digits behind the point that an amount in whole units may have. */
  readonly decimals: Readonly<Record<string, number>>;
  /** By currency, in `unit`: less is known to be refused by the gateway, and is not offered on the All-in-One page. */
  readonly least: Readonly<Record<string, number>>;
  /** What `amount` and the limits count: whole units of the currency, or its minor units. */
  readonly unit: "major" | "minor";
  readonly max_expire_days: number;
  /** Money taken this way can be paid back through the gateway. */
  readonly refundable: boolean;
  /** The project’s own terms, else the gateway’s. */
  readonly limits: {
    readonly min: number;
    readonly max: number;
  };
  /** It can be used as it stands: the project keeps credentials for it. */
  readonly enabled: boolean;
  /** `required`: a request has to bring gateway_credentials. */
  readonly credentials: "stored" | "required";
  /** The gateway’s system that a request means when it names none. */
  readonly environment: string | null;
  /** Why this key cannot use it at all, as a create would answer. */
  readonly problem: {
    readonly error_code?: ErrorCode | undefined;
    readonly message?: string | undefined;
  } | null;
  /**
   * It is on for the All-in-One page, where payers choose: of several of one kind that is the first in the
   * merchant’s order that takes the amount.
   */
  readonly in_checkout: boolean;
};

export type Notification = {
  /** What happened. */
  readonly event:
    | "payment.paid"
    | "payment.duplicate"
    | "payment.refunded"
    | "payment.failed"
    | "payment.expired"
    | "payment.attention";
  /** PayCore’s number of the payment. */
  readonly payment_no: string;
  /** Your order number. */
  readonly merchant_order_no: string;
  /** Id of the gateway; null while the payer has not chosen at the All-in-One checkout. */
  readonly gateway: string | null;
  /** How it is paid; `all` while the payer may still choose at the gateway. */
  readonly method: string;
  /** In the unit of the route the payment was made by: whole TWD at ECPay. */
  readonly amount: number;
  /** The amount in major units as text, with all decimals of the currency. */
  readonly amount_decimal: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** `paid` is final; money that comes late still leads there. */
  readonly status: "pending" | "paid" | "failed" | "expired";
  /** Paid back for good, in the unit of `amount`. */
  readonly refunded_amount: number;
  /** When the payer paid, as the gateway tells it. */
  readonly paid_at: string | null;
  /**
   * What is odd about the payment: `late` paid after it had ended, `duplicate` paid twice, `mismatch` the gateway
   * named another amount, `simulated` nobody paid, `under_review` the gateway is looking at it, `attention` a
   * person should.
   */
  readonly flags: ReadonlyArray<"late" | "duplicate" | "mismatch" | "simulated" | "under_review" | "attention">;
  /** True for real money: a live key and the gateway’s production system. */
  readonly livemode: boolean;
  /** The gateway’s system that was used. */
  readonly environment: "stage" | "sandbox" | "production" | "simulator";
  /** The gateway’s number of the current try. */
  readonly gateway_trade_no: string | null;
  /** The card it was paid with; null when it was paid otherwise, or the gateway told nothing of it. */
  readonly card: {
    /** First six digits. */
    readonly first6: string | null;
    /** Last four digits. */
    readonly last4: string | null;
    /** The bank that issued it. */
    readonly bank: string | null;
    /** E.g. `visa`. */
    readonly brand?: string | undefined;
    /** Of the bank, ISO 3166. */
    readonly country?: string | undefined;
    /** Electronic commerce indicator: what 3-D Secure came to. */
    readonly eci?: string | undefined;
    /** Authorisation code of the bank. */
    readonly auth_code?: string | undefined;
    /** When it is paid by instalments. */
    readonly installments?: {
      /** How many. */
      readonly count: number;
      /** The first one, in the unit of `amount`. */
      readonly first?: number | undefined;
      /** Each of the others. */
      readonly each?: number | undefined;
    } | undefined;
    /** When points of the card’s bank paid a part. */
    readonly bonus?: {
      /** Points that were used. */
      readonly points_used: number;
      /** Points that are left. */
      readonly points_left?: number | undefined;
      /** What they paid, in the unit of `amount`. */
      readonly discount?: number | undefined;
      /** What the card was charged. */
      readonly charged?: number | undefined;
    } | undefined;
  } | null;
  /** The gateway’s own name of the way it was paid, e.g. `CVS_FAMILY`. */
  readonly channel: string | null;
  /** What the gateway kept, in the unit of the route and in `fee_currency`. */
  readonly fee: number | null;
  /** The same in major units, as text. */
  readonly fee_decimal: string | null;
  /** What is left for you, in the unit of the route and in `fee_currency`. */
  readonly net: number | null;
  /** The same in major units, as text. */
  readonly net_decimal: string | null;
  /** Of fee and net: another one than `currency` where the gateway pays out in another. */
  readonly fee_currency: string | null;
  /** As you sent it. */
  readonly payer_account: string | null;
  /** As you sent it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The refund that it is about, if it is about one. */
  readonly refund?: {
    readonly refund_no: string;
    /** In the unit of the payment’s own `amount`. */
    readonly amount: number;
    readonly amount_decimal: string;
    readonly status: "pending" | "succeeded" | "failed" | "unknown";
  } | undefined;
};

export type Overview = {
  /** True when anybody may see these figures: asked without a key on a public home page. */
  readonly public: boolean;
  /** Zone by which days and months were cut. */
  readonly timezone: string;
  /** Main currency of the shop: the amounts beside it are in its major units. */
  readonly currency: string;
  readonly today_amount: number | null;
  readonly month_amount: number | null;
  readonly today_count: number | null;
  readonly month_count: number | null;
  /** The same sums by ISO 4217 code. */
  readonly by_currency: Readonly<Record<string, {
    readonly today_amount: number | null;
    readonly month_amount: number | null;
    readonly today_count: number | null;
    readonly month_count: number | null;
  }>>;
  readonly counts: {
    readonly pending: number | null;
    readonly paid: number | null;
    readonly failed: number | null;
    readonly expired: number | null;
  };
  /** The newest ten. Without a key the order numbers are masked. */
  readonly recent_transactions: ReadonlyArray<RecentPayment>;
};

export type Payment = {
  /** PayCore’s number of the payment. */
  readonly payment_no: string;
  /** Your order number. */
  readonly merchant_order_no: string;
  /** Id of the gateway; null while the payer has not chosen at the All-in-One checkout. */
  readonly gateway: string | null;
  /** How it is paid; `all` while the payer may still choose at the gateway. */
  readonly method: string;
  /** In the unit of the route the payment was made by: whole TWD at ECPay. */
  readonly amount: number;
  /** The amount in major units as text, with all decimals of the currency. */
  readonly amount_decimal: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** `paid` is final; money that comes late still leads there. */
  readonly status: "pending" | "paid" | "failed" | "expired";
  /** Paid back for good, in the unit of `amount`. */
  readonly refunded_amount: number;
  /** When the payer paid, as the gateway tells it. */
  readonly paid_at: string | null;
  /**
   * What is odd about the payment: `late` paid after it had ended, `duplicate` paid twice, `mismatch` the gateway
   * named another amount, `simulated` nobody paid, `under_review` the gateway is looking at it, `attention` a
   * person should.
   */
  readonly flags: ReadonlyArray<"late" | "duplicate" | "mismatch" | "simulated" | "under_review" | "attention">;
  /** True for real money: a live key and the gateway’s production system. */
  readonly livemode: boolean;
  /** The gateway’s system that was used. */
  readonly environment: "stage" | "sandbox" | "production" | "simulator";
  /** The gateway’s number of the current try. */
  readonly gateway_trade_no: string | null;
  /** The card it was paid with; null when it was paid otherwise, or the gateway told nothing of it. */
  readonly card: {
    /** First six digits. */
    readonly first6: string | null;
    /** Last four digits. */
    readonly last4: string | null;
    /** The bank that issued it. */
    readonly bank: string | null;
    /** E.g. `visa`. */
    readonly brand?: string | undefined;
    /** Of the bank, ISO 3166. */
    readonly country?: string | undefined;
    /** Electronic commerce indicator: what 3-D Secure came to. */
    readonly eci?: string | undefined;
    /** Authorisation code of the bank. */
    readonly auth_code?: string | undefined;
    /** When it is paid by instalments. */
    readonly installments?: {
      /** How many. */
      readonly count: number;
      /** The first one, in the unit of `amount`. */
      readonly first?: number | undefined;
      /** Each of the others. */
      readonly each?: number | undefined;
    } | undefined;
    /** When points of the card’s bank paid a part. */
    readonly bonus?: {
      /** Points that were used. */
      readonly points_used: number;
      /** Points that are left. */
      readonly points_left?: number | undefined;
      /** What they paid, in the unit of `amount`. */
      readonly discount?: number | undefined;
      /** What the card was charged. */
      readonly charged?: number | undefined;
    } | undefined;
  } | null;
  /** The gateway’s own name of the way it was paid, e.g. `CVS_FAMILY`. */
  readonly channel: string | null;
  /** What the gateway kept, in the unit of the route and in `fee_currency`. */
  readonly fee: number | null;
  /** The same in major units, as text. */
  readonly fee_decimal: string | null;
  /** What is left for you, in the unit of the route and in `fee_currency`. */
  readonly net: number | null;
  /** The same in major units, as text. */
  readonly net_decimal: string | null;
  /** Of fee and net: another one than `currency` where the gateway pays out in another. */
  readonly fee_currency: string | null;
  /** As you sent it. */
  readonly payer_account: string | null;
  /** As you sent it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Which of the gateway’s services is used, e.g. `aio` or `background` at ECPay. */
  readonly mode: string;
  /** Why it failed or expired; missing otherwise. */
  readonly reason?: "GATEWAY_REFUSED" | "GATEWAY_UNREACHABLE" | "CANCELLED" | "GONE" | "EXPIRED" | "SUPERSEDED" | undefined;
  /** The page for the payer. The token in it is needed. */
  readonly payment_url: string;
  /** What the payer needs in order to pay: account, store code or barcodes. Empty until there is any. */
  readonly payment_info: Readonly<Record<string, unknown>>;
  /** PayCore’s number of the current try at the gateway. */
  readonly gateway_order_no: string | null;
  readonly created_at: string;
};

export type PaymentLink = {
  /** PayCore’s number of the link. */
  readonly link_no: string;
  /** What you hand out. Whoever knows it can pay. */
  readonly link_url: string;
  readonly title: string;
  /** `open`: it can be paid through. `used`: single use, and paid. `closed`: by you. `expired`: by time. */
  readonly status: "open" | "used" | "closed" | "expired";
  /** False for links of a test key: nothing paid through them is real money. */
  readonly livemode: boolean;
  /** In whole units of the currency; null: the payer enters it. */
  readonly amount: number | null;
  /** The same as text, with all decimals of the currency. */
  readonly amount_decimal: string | null;
  readonly min_amount: number | null;
  readonly max_amount: number | null;
  /** ISO 4217 code. */
  readonly currency: string;
  readonly single_use: boolean;
  /** Payments of it that were paid. */
  readonly paid_count: number;
  /** What was paid through it, before refunds, in whole units. */
  readonly paid_amount: number;
  readonly item_name: string | null;
  /** As you sent it. */
  readonly success_url: string | null;
  /** As you sent it. */
  readonly cancel_url: string | null;
  /** As you sent it. */
  readonly payok_url: string | null;
  /** As you sent it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly expires_at: string | null;
  readonly closed_at: string | null;
  readonly created_at: string;
};

export type PaypalCheckoutPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "paypal";
  readonly method: "checkout";
  readonly mode: "checkout";
  readonly payment_info: {
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
  /** Where the payer goes on at the gateway. */
  readonly approval_url: string;
};

export type PaypalCheckoutRequest = CreateRequest & {
  /**
   * Amount in whole units of the currency: an integer, or a text with decimals ("10.99"). From 0.01 to
   * 1000000000000, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?:
    | "USD"
    | "AUD"
    | "BRL"
    | "CAD"
    | "CNY"
    | "CZK"
    | "DKK"
    | "EUR"
    | "HKD"
    | "HUF"
    | "ILS"
    | "JPY"
    | "MYR"
    | "MXN"
    | "TWD"
    | "NZD"
    | "NOK"
    | "PHP"
    | "PLN"
    | "GBP"
    | "SGD"
    | "SEK"
    | "CHF"
    | "THB" | undefined;
  /**
   * Your account at PayPal. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: PaypalCredentials | undefined;
};

/**
 * Your account at PayPal. May be left out when the project keeps credentials of this gateway. Stored encrypted,
 * and given back by no answer.
 */
export type PaypalCredentials = {
  /** PayPal REST API client_id. Letters, digits, "-" and "_". */
  readonly client_id: string;
  /** PayPal REST API client_secret. Printable characters without blanks. */
  readonly client_secret: string;
  /**
   * PayPal webhook_id for webhook verification. Recommended for production: without it a webhook only makes
   * PayCore ask PayPal. At most 50 letters, digits, "-" and "_". Refused otherwise: "PayPal webhook_id must be at
   * most 50 letters, digits, "-" and "_"."
   */
  readonly webhook_id?: string | undefined;
  /**
   * Which of the gateway's systems. Left out: production with a live key, sandbox with a test key. A test key
   * never reaches production.
   */
  readonly environment?: "sandbox" | "live" | "production" | undefined;
};

export type PlusAtmPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "plus";
  readonly method: "atm";
  readonly mode: "background";
  readonly payment_info: {
    readonly account_code: string;
    readonly plat_no: string;
    /** Three-digit code of the bank the payer transfers to. */
    readonly bank_code: string;
    /** Chinese name of that bank; empty when PayCore does not know the code. */
    readonly bank_name: string;
    /** Account number made for this one payment. */
    readonly virtual_account: string;
    /** Last moment to pay, in Taipei time (UTC+8). */
    readonly expire_at: string;
    readonly pay_url: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type PlusAtmRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 1 to 999999999, unless the project has
   * other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at PLUS. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: PlusCredentials | undefined;
};

/**
 * Your account at PLUS. May be left out when the project keeps credentials of this gateway. Stored encrypted,
 * and given back by no answer.
 */
export type PlusCredentials = {
  /** PLUS appid. 1 to 64 letters, digits, _ . or -. Refused otherwise: "PLUS appid is required." */
  readonly appid: string;
  /** PLUS secret_key. 1 to 128 characters without spaces. Refused otherwise: "PLUS secret_key is required." */
  readonly secret_key: string;
  /**
   * Which of the gateway's systems. Left out: production with a live key, a test key cannot be used here. A test
   * key never reaches production.
   */
  readonly environment?: "production" | undefined;
};

export type Readiness = {
  readonly status: "ready" | "not ready";
  readonly checks: {
    readonly database: {
      readonly ok: boolean;
      /** Payments go on, but somebody should look at it. */
      readonly warning?: true | undefined;
      /** What was found, for people. */
      readonly detail: string;
    };
    readonly disk: {
      readonly ok: boolean;
      /** Payments go on, but somebody should look at it. */
      readonly warning?: true | undefined;
      /** What was found, for people. */
      readonly detail: string;
    };
    readonly clock: {
      readonly ok: boolean;
      /** Payments go on, but somebody should look at it. */
      readonly warning?: true | undefined;
      /** What was found, for people. */
      readonly detail: string;
    };
  };
};

export type RecentPayment = {
  readonly payment_no: string;
  readonly merchant_order_no: string;
  /** Id of the gateway; null while the payer has not chosen at the All-in-One checkout. */
  readonly gateway: string | null;
  /** How it is paid; `all` while the payer may still choose at the gateway. */
  readonly method: string;
  /** In the unit of the route the payment was made by: whole TWD at ECPay. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
  /** `paid` is final; money that comes late still leads there. */
  readonly status: "pending" | "paid" | "failed" | "expired";
  /** When the payer paid, as the gateway tells it. */
  readonly paid_at: string | null;
  readonly created_at: string;
};

/** A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough. */
export type RedirectForm = {
  /** The gateway’s address. */
  readonly action: string;
  readonly method: "POST";
  /** Hidden inputs, signed: change none of them. */
  readonly fields: Readonly<Record<string, string>>;
};

export type Refund = {
  readonly refund_no: string;
  readonly payment_no: string;
  /** In the unit of the route the payment came by. */
  readonly amount: number;
  readonly amount_decimal: string;
  readonly currency: string;
  /** `unknown`: the gateway’s answer was lost and is being asked for; never send it again because of that. */
  readonly status: "unknown" | "pending" | "succeeded" | "failed";
  readonly reason: string;
  /** `gateway`: somebody paid back at the gateway’s own desk, or the payer’s bank did. */
  readonly source: "api" | "gateway";
  /** The gateway’s number of the money that went back. */
  readonly gateway_trade_no: string | null;
  /** The gateway’s number of the refund, where it has one of its own. */
  readonly gateway_refund_no: string | null;
  /** What the gateway said last, or why its answer is not known. */
  readonly message: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ResentNotification = {
  readonly payment_no: string;
  readonly event: "payment.paid";
  /** The same as before, so that the shop can tell that it knows it. */
  readonly webhook_id: string;
  /** `sending`: it was on its way already when this was asked for. */
  readonly state: "pending" | "sending";
};

export type SmilepayAtmPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "smilepay";
  readonly method: "atm";
  readonly mode: "background";
  readonly payment_info: {
    /** Three-digit code of the bank the payer transfers to. */
    readonly bank_code: string;
    /** Chinese name of that bank; empty when PayCore does not know the code. */
    readonly bank_name: string;
    /** Account number made for this one payment. */
    readonly virtual_account: string;
    /** Last moment to pay, in Taipei time (UTC+8). */
    readonly expire_at: string;
    readonly SmilePayNO: string;
    readonly PayEndDate: string;
    readonly AtmBankNo: string;
    readonly AtmNo: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type SmilepayAtmRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 13 to 20000, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 速買配 SmilePay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: SmilepayCredentials | undefined;
};

export type SmilepayBarcodePayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "smilepay";
  readonly method: "barcode";
  readonly mode: "background";
  readonly payment_info: {
    readonly smilepay: {
      /** What the payer was given. */
      readonly selected_payment_method: string;
      /** What to hand to the payer: the page that shows the barcodes. */
      readonly barcode_user_copy_url: string;
      /** The store scans the page; the three numbers alone are of no use. */
      readonly barcode_segments_copyable: false;
      /** What the payer has to do, for programs. */
      readonly barcode_user_action: string;
      /** The gateway’s guide to paying with barcodes. */
      readonly barcode_intro_url: string | null;
      /** First of the three Code 39 barcodes. */
      readonly barcode1: string;
      /** Second barcode. */
      readonly barcode2: string;
      /** Third barcode. */
      readonly barcode3: string;
      /** Last moment to pay, in Taipei time (UTC+8). */
      readonly expire_at: string;
      readonly SmilePayNO: string;
      readonly PayEndDate: string;
    };
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type SmilepayBarcodeRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 25 to 20000, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Your account at 速買配 SmilePay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: SmilepayCredentials | undefined;
};

/**
 * Your account at 速買配 SmilePay. May be left out when the project keeps credentials of this gateway. Stored
 * encrypted, and given back by no answer.
 */
export type SmilepayCredentials = {
  /** SmilePay merchant code. Dcvc is also accepted. 1 to 20 letters, digits, _ and -. */
  readonly dcvc: string;
  /** SmilePay parameter code, nearly always 1. 1 to 10 letters and digits. Also taken as Rvg2c. */
  readonly rvg2c: string;
  /**
   * SmilePay check code (檢查碼), from the page 背景取號API of its back office. 1 to 100 characters without spaces. Also
   * taken as Verify_key.
   */
  readonly verify_key: string;
  /**
   * Optional secret of your own. When it is stored, every callback has to bring it back. 1 to 200 characters
   * without spaces.
   */
  readonly validation_token?: string | undefined;
  /**
   * Kind of store code when a request names no cvs_type; ibon when this is left out too. One of ibon, fami,
   * famiport, family, barcode.
   */
  readonly default_cvs_type?: string | undefined;
  /**
   * Merchant verification parameter (商家驗證參數). When it is stored, Mid_smilepay is checked as well. 1 to 4 digits.
   * Also taken as rot_check or merchant_param.
   */
  readonly mid?: string | undefined;
  /**
   * Which of the gateway's systems. Left out: production with a live key, a test key cannot be used here. A test
   * key never reaches production.
   */
  readonly environment?: "production" | "prod" | "live" | undefined;
};

export type SmilepayCvsPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "smilepay";
  readonly method: "cvs";
  readonly mode: "background";
  readonly payment_info: {
    /** Code the payer types in at the machine in the store. */
    readonly payment_code: string;
    /** The gateway’s page that shows the code as a barcode. */
    readonly payment_code_url: string | null;
    /** Last moment to pay, in Taipei time (UTC+8). */
    readonly expire_at: string;
    readonly SmilePayNO: string;
    readonly PayEndDate: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type SmilepayCvsRequest = CreateRequest & {
  /**
   * Whole units of the currency: an integer, or a string of digits. From 35 to 20000, unless the project has other
   * terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "TWD" | undefined;
  /**
   * Machine the code is for; famiport and family mean fami. Left out: default_cvs_type of the credentials, else
   * ibon.
   */
  readonly cvs_type?: "ibon" | "fami" | "famiport" | "family" | undefined;
  /**
   * Your account at 速買配 SmilePay. May be left out when the project keeps credentials of this gateway. Stored
   * encrypted, and given back by no answer.
   */
  readonly gateway_credentials?: SmilepayCredentials | undefined;
};

export type StripeAlipayPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "stripe";
  readonly method: "alipay";
  readonly mode: "payment_intent";
  readonly payment_info: {
    readonly stripe_payment_method: string;
    readonly payment_intent: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type StripeAlipayRequest = CreateRequest & {
  /**
   * Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits. From 1 to
   * 99999999, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "CNY" | "AUD" | "CAD" | "EUR" | "GBP" | "HKD" | "JPY" | "MYR" | "NZD" | "SGD" | "USD" | undefined;
  /**
   * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: StripeCredentials | undefined;
};

/**
 * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
 * and given back by no answer.
 */
export type StripeCredentials = {
  /**
   * Stripe secret key; sk_test_ pays with test cards, sk_live_ with real money. A key that starts with sk_test_ or
   * sk_live_.
   */
  readonly secret_key: string;
  /**
   * Stripe publishable key of the same account and mode; the payment page uses it. A key that starts with pk_test_
   * or pk_live_, of the same mode as secret_key.
   */
  readonly publishable_key: string;
  /**
   * Signing secret of the webhook endpoint. Without it every event only makes PayCore ask Stripe what is true. A
   * secret that starts with whsec_.
   */
  readonly webhook_secret?: string | undefined;
  /** Accepted and kept; nothing uses it. At most 255 characters. */
  readonly callback_secret?: string | undefined;
};

export type StripeCreditPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "stripe";
  readonly method: "credit";
  readonly mode: "payment_intent";
  readonly payment_info: {
    readonly stripe_payment_method: string;
    readonly payment_intent: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type StripeCreditRequest = CreateRequest & {
  /**
   * Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits. From 1 to
   * 999999999999, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?:
    | "AED"
    | "AFN"
    | "ALL"
    | "AMD"
    | "ANG"
    | "AOA"
    | "ARS"
    | "AUD"
    | "AWG"
    | "AZN"
    | "BAM"
    | "BBD"
    | "BDT"
    | "BGN"
    | "BHD"
    | "BIF"
    | "BMD"
    | "BND"
    | "BOB"
    | "BRL"
    | "BSD"
    | "BWP"
    | "BYN"
    | "BZD"
    | "CAD"
    | "CDF"
    | "CHF"
    | "CLP"
    | "CNY"
    | "COP"
    | "CRC"
    | "CVE"
    | "CZK"
    | "DJF"
    | "DKK"
    | "DOP"
    | "DZD"
    | "EGP"
    | "ETB"
    | "EUR"
    | "FJD"
    | "FKP"
    | "GBP"
    | "GEL"
    | "GIP"
    | "GMD"
    | "GNF"
    | "GTQ"
    | "GYD"
    | "HKD"
    | "HNL"
    | "HTG"
    | "HUF"
    | "IDR"
    | "ILS"
    | "INR"
    | "ISK"
    | "JMD"
    | "JOD"
    | "JPY"
    | "KES"
    | "KGS"
    | "KHR"
    | "KMF"
    | "KRW"
    | "KWD"
    | "KYD"
    | "KZT"
    | "LAK"
    | "LBP"
    | "LKR"
    | "LRD"
    | "LSL"
    | "MAD"
    | "MDL"
    | "MGA"
    | "MKD"
    | "MMK"
    | "MNT"
    | "MOP"
    | "MUR"
    | "MVR"
    | "MWK"
    | "MXN"
    | "MYR"
    | "MZN"
    | "NAD"
    | "NGN"
    | "NIO"
    | "NOK"
    | "NPR"
    | "NZD"
    | "OMR"
    | "PAB"
    | "PEN"
    | "PGK"
    | "PHP"
    | "PKR"
    | "PLN"
    | "PYG"
    | "QAR"
    | "RON"
    | "RSD"
    | "RUB"
    | "RWF"
    | "SAR"
    | "SBD"
    | "SCR"
    | "SEK"
    | "SGD"
    | "SHP"
    | "SLE"
    | "SOS"
    | "SRD"
    | "STD"
    | "SZL"
    | "THB"
    | "TJS"
    | "TND"
    | "TOP"
    | "TRY"
    | "TTD"
    | "TWD"
    | "TZS"
    | "UAH"
    | "UGX"
    | "USD"
    | "UYU"
    | "UZS"
    | "VND"
    | "VUV"
    | "WST"
    | "XAF"
    | "XCD"
    | "XCG"
    | "XOF"
    | "XPF"
    | "YER"
    | "ZAR"
    | "ZMW" | undefined;
  /**
   * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: StripeCredentials | undefined;
};

export type StripeFpxPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "stripe";
  readonly method: "fpx";
  readonly mode: "payment_intent";
  readonly payment_info: {
    readonly stripe_payment_method: string;
    readonly payment_intent: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type StripeFpxRequest = CreateRequest & {
  /**
   * Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits. From 1 to
   * 99999999, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "MYR" | undefined;
  /**
   * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: StripeCredentials | undefined;
};

export type StripeGrabpayPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "stripe";
  readonly method: "grabpay";
  readonly mode: "payment_intent";
  readonly payment_info: {
    readonly stripe_payment_method: string;
    readonly payment_intent: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type StripeGrabpayRequest = CreateRequest & {
  /**
   * Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits. From 1 to
   * 99999999, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "SGD" | "MYR" | undefined;
  /**
   * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: StripeCredentials | undefined;
};

export type StripePaynowPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "stripe";
  readonly method: "paynow";
  readonly mode: "payment_intent";
  readonly payment_info: {
    readonly stripe_payment_method: string;
    readonly payment_intent: string;
    readonly qr_data: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type StripePaynowRequest = CreateRequest & {
  /**
   * Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits. From 1 to
   * 99999999, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "SGD" | undefined;
  /**
   * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: StripeCredentials | undefined;
};

export type StripePromptpayPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "stripe";
  readonly method: "promptpay";
  readonly mode: "payment_intent";
  readonly payment_info: {
    readonly stripe_payment_method: string;
    readonly payment_intent: string;
    readonly qr_data: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type StripePromptpayRequest = CreateRequest & {
  /**
   * Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits. From 1 to
   * 99999999, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "THB" | undefined;
  /**
   * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: StripeCredentials | undefined;
};

export type StripeWechatPayPayment = Omit<Payment, "gateway" | "method" | "mode" | "payment_info"> & {
  readonly gateway: "stripe";
  readonly method: "wechat-pay";
  readonly mode: "payment_intent";
  readonly payment_info: {
    readonly stripe_payment_method: string;
    readonly payment_intent: string;
    readonly qr_data: string;
  };
  /** False when the order had this payment already. */
  readonly created: boolean;
};

export type StripeWechatPayRequest = CreateRequest & {
  /**
   * Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits. From 1 to
   * 99999999, unless the project has other terms with the gateway.
   */
  readonly amount: number | string;
  /** ISO 4217 code. */
  readonly currency?: "CNY" | "AUD" | "CAD" | "EUR" | "GBP" | "HKD" | "JPY" | "SGD" | "USD" | "DKK" | "NOK" | "SEK" | "CHF" | undefined;
  /**
   * Your account at Stripe. May be left out when the project keeps credentials of this gateway. Stored encrypted,
   * and given back by no answer.
   */
  readonly gateway_credentials?: StripeCredentials | undefined;
};

export type Sync = {
  /** Whether the gateway was asked; once a payment is over there is nothing to ask. */
  readonly asked: boolean;
  /**
   * What came of it: `mismatch` another amount was paid, `unknown` the gateway is still being called, `not_found`
   * it does not know the order, `over` it was not asked any more.
   */
  readonly result: "paid" | "unpaid" | "mismatch" | "unknown" | "not_found" | "over";
  readonly at: string;
};
