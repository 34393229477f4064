import { describe, expect, test } from 'bun:test';
import { readCatalogue } from '../../../src/developers/catalogue.ts';
import type { Endpoint, FieldRow } from '../../../src/developers/types.ts';
import { buildRawDocument } from '../../support/document.ts';
import { present } from '../../support/parts.ts';

/** What stands in the tables of the catalogue. */

const catalogue = readCatalogue(await buildRawDocument());
const endpoints = [...catalogue.groups, catalogue.notifications].flatMap((group) => group.endpoints);
const merchants = endpoints.filter(({ kind }) => kind === 'merchant');

const find = (id: string): Endpoint =>
  present(
    endpoints.find((one) => one.id === id),
    id,
  );
const rowOf = (id: string, name: string): FieldRow | undefined => find(id).fields.find((row) => row.name === name);

describe('rows', () => {
  test('every field of a request or an answer, every answer and every note has words', () => {
    const silent = endpoints.flatMap(({ id, fields, credentials, answers, refusals, notes }) => [
      ...[...fields, ...credentials, ...[...answers, ...refusals].flatMap((one) => one.fields)]
        .filter(({ text }) => text === '')
        .map(({ place, name }) => `${id} ${place} ${name}`),
      ...[...answers, ...refusals].filter(({ text }) => text === '').map(({ status }) => `${id} ${status}`),
      ...notes.filter((note) => note === '').map(() => `${id} notes`),
    ]);
    expect([...new Set(silent)]).toEqual([]);
  });

  test('a field stands once in its place', () => {
    const twice = endpoints.flatMap(({ id, fields }) => {
      const keys = fields.map(({ place, name }) => `${id} ${place} ${name}`);
      return keys.filter((key, index) => keys.indexOf(key) !== index);
    });
    expect(twice).toEqual([]);
  });

  test('the key and the kind of the body are headers, where there are any', () => {
    for (const { id, access, bodies } of merchants) {
      const key = { key: 'required', either: 'optional', open: 'none' }[access];
      const row = rowOf(id, 'X-API-KEY');
      expect({ id, key: row ? (row.required ? 'required' : 'optional') : 'none' }).toEqual({ id, key });
      const types = rowOf(id, 'Content-Type')?.choices ?? [];
      expect({ id, types }).toEqual({ id, types: bodies.length === 0 ? [] : ['application/json'] });
    }
    expect(rowOf('receiveEcpayCallback', 'X-API-KEY')).toBeUndefined();
    expect(rowOf('receiveEcpayCallback', 'Content-Type')).toMatchObject({
      required: false,
      choices: ['application/x-www-form-urlencoded', 'application/json'],
    });
  });

  test('credentials are a field of the body, and its members stand in a table of their own', () => {
    const row = rowOf('createEcpayAtm', 'gateway_credentials');
    expect(row).toMatchObject({ place: 'body', required: false, type: 'object' });
    expect(row?.text).toContain('May be left out');
    expect(rowOf('createEcpayAtm', 'gateway_credentials.hash_key')).toBeUndefined();
    expect(find('createEcpayAtm').credentials.map(({ name }) => name)).toContain('hash_key');
  });

  test('what is needed in one shape of a body alone is not needed in all', () => {
    expect(rowOf('receiveSmilepayCallback', 'Dcvc')?.required).toBe(false);
    expect(rowOf('receiveSmilepayCallback', 'Amount')?.required).toBe(true);
    expect(rowOf('createEcpayEcpg', 'merchant_order_no')?.required).toBe(true);
    expect(rowOf('createEcpayEcpg', 'buyer_email')?.required).toBe(false);
  });

  test('a member that is narrower than that of every payment keeps its description', () => {
    const [answer] = find('createStripePaynow').answers;
    const row = answer?.fields.find(({ name }) => name === 'data.gateway');
    expect(row).toMatchObject({ choices: ['stripe'], text: expect.stringContaining('Id of the gateway') });
  });

  test('a callback shows the credentials that it is checked with', () => {
    expect(find('receiveStripeCallback').credentials.map(({ name }) => name)).toEqual(['webhook_secret']);
    expect(find('receiveEcpayCallback').credentials.map(({ name }) => name)).toContain('hash_iv');
  });
});

describe('answers', () => {
  test('what was made and what was there already is one answer', () => {
    const statuses = endpoints.flatMap(({ answers }) => answers.map(({ status }) => status));
    expect(statuses.filter((status) => status === '200')).not.toEqual([]);
    for (const { id, answers } of merchants) expect({ id, count: answers.length }).toEqual({ id, count: 1 });
    const [made] = find('createEcpayAtm').answers;
    expect(made).toMatchObject({ status: '201 / 200', examples: [{ title: '' }] });
    const [checkout] = find('createCheckout').answers;
    expect(checkout).toMatchObject({ status: '201 / 200', examples: [{ title: '201' }, { title: '200' }] });
    expect(checkout?.text).toContain('still pending');
  });

  test('every sentence of refusal to a gateway is shown', () => {
    const [refused] = find('receiveEcpayCallback').refusals;
    expect(refused?.examples.map(({ value }) => value)).toContain('0|ECPay CheckMacValue verification failed.');
  });

  test('what is worth reading is in an answer that is shown', () => {
    for (const { id, kind, highlights, answers } of endpoints.filter(({ kind }) => kind !== 'notification')) {
      expect({ id, told: highlights.length > 0 }).toEqual({ id, told: true });
      if (kind === 'return') continue;
      const shown = answers.flatMap(({ examples }) => examples.map(({ value }) => value));
      const missing = highlights.filter((one) => !shown.some((value) => isIn(one, value)));
      expect({ id, missing }).toEqual({ id, missing: [] });
    }
  });
});

/** A name, `name=value`, or the very text: at the top, in `data`, in `payment_info` or in the gateway's part of that. */
function isIn(highlight: string, answer: unknown): boolean {
  if (answer === highlight) return true;
  const [path = '', value] = highlight.replace('payment_info.', '').split('=');
  const top = (answer ?? {}) as Record<string, unknown>;
  const data = (top.data ?? {}) as Record<string, unknown>;
  const info = (data.payment_info ?? {}) as Record<string, unknown>;
  return [top, data, info, ...Object.values(info)].some((place) => {
    const found = path
      .split('.')
      .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], place);
    return value === undefined ? found !== undefined : String(found) === value;
  });
}

describe('notifications', () => {
  test('the first shows all fields, the others those that say something else in them', () => {
    const [paid, ...others] = catalogue.notifications.endpoints;
    expect(paid?.fields.length).toBeGreaterThan(40);
    for (const { id, fields, bodies } of others) {
      expect({ id, few: fields.length > 0 && fields.length < 15 }).toEqual({ id, few: true });
      const { event } = present(bodies[0]).value as { readonly event: string };
      expect(fields[0]).toMatchObject({ name: 'event', example: event });
    }
    expect(rowOf('notifyPaymentRefunded', 'refund.refund_no')?.example).not.toBe('');
    expect(rowOf('notifyPaymentExpired', 'status')?.example).toBe('expired');
  });
});
