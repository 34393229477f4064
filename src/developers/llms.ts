import type { Site } from './types.ts';

/** `/llms.txt`: what there is to read for programs, after https://llmstxt.org; links lead to Markdown. */
export function writeLlms({ catalogue, guides, locale }: Site): string {
  const { url, version } = catalogue;
  const base = `${url}/${locale}/developers`;
  const groups = catalogue.groups.map(({ id, name, text }) => link(name, `${base}/${id}.md`, text));
  return `${[
    '# PayCore',
    '> A payment appliance: one REST API and hosted payment pages in front of ECPay, SmilePay, PayPal, Stripe and PLUS. A shop creates a payment, sends the payer to its page, and is notified when the money is there.',
    `This installation is ${url}, version ${version}. Every request carries the header \`X-API-KEY\`. The API is JSON; decide by the HTTP status and by \`error.error_code\`.`,
    '## Guides',
    guides.map(({ id, title, text }) => link(title, `${base}/${id}.md`, leadOf(text))).join('\n'),
    '## API',
    [...groups, link('Errors', `${base}/errors.md`, 'every error code, its status and its meaning')].join('\n'),
    '## Whole',
    [
      link('Everything as one document', `${base}.md`, 'guides and catalogue in Markdown'),
      link('OpenAPI 3.1', `${url}/swagger/json`, 'routes, schemas, examples, notifications'),
      link('Postman collection', `${base}/postman.json`, 'a request for each endpoint'),
    ].join('\n'),
    '## Optional',
    [
      link('全文（繁體中文）', `${url}/zh-tw/developers.md`, 'the same document in Traditional Chinese'),
      link('Swagger UI', `${url}/swagger`, 'for people: try the API in a browser'),
    ].join('\n'),
  ].join('\n\n')}\n`;
}

function link(title: string, address: string, note: string): string {
  return `- [${title}](${address}): ${note}`;
}

/** The first paragraph of a guide says what it is about. */
function leadOf(text: string): string {
  return (text.split('\n\n')[0] ?? '').replace(/\s*\n\s*/g, ' ');
}
