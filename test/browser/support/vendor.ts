/**
 * As much of ECPay's script as the page has to do with. `window.vendor` keeps what it was called with; a test sets
 * `refusal` (what getPayToken says), `silent` (getPayToken never answers) or `broken` (createPayment fails).
 */
const SCRIPT = `
  window.vendor ??= { calls: [] };
  window.ECPay = {
    initialize(environment, type, done) {
      vendor.calls.push(['initialize', environment, type]);
      setTimeout(done, 0, null);
    },
    createPayment(token, language, done, version) {
      vendor.calls.push(['createPayment', token, language, version]);
      const label = document.createElement('label');
      label.append('Card ', document.createElement('input'));
      document.getElementById('ECPayPayment').append(label);
      setTimeout(done, 0, vendor.broken ?? null);
    },
    getPayToken(done) {
      vendor.calls.push(['getPayToken']);
      if (vendor.silent) return;
      if (vendor.refusal) setTimeout(done, 0, null, vendor.refusal);
      else setTimeout(done, 0, { PayToken: 'pay-token-' + vendor.calls.length, PaymentType: 'Credit' }, null);
    },
  };
`;

export function serveVendor(): Response {
  return new Response(SCRIPT, { headers: { 'content-type': 'text/javascript; charset=utf-8' } });
}

let tokens = 0;

/** What the form's address answers. */
export function answerForm(expiresInMs = 600_000): Response {
  tokens += 1;
  return Response.json({
    success: true,
    data: {
      token: `token-${tokens}`,
      script_url: '/vendor.js',
      settings: { environment: 'Stage', language: 'zh-TW' },
      expires_in_ms: expiresInMs,
    },
  });
}
