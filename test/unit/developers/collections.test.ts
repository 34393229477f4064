import { describe, expect, test } from 'bun:test';
import { bruToEnvJsonV2, bruToJsonV2, collectionBruToJson } from '@usebruno/lang';
import Ajv from 'ajv';
import { writeBruno } from '../../../src/developers/bruno.ts';
import { writePostman } from '../../../src/developers/postman.ts';
import { POSTMAN_SCHEMA } from '../../support/postman-schema.ts';
import { listEndpoints, readTestSite, SITE_URL } from '../../support/site.ts';

const site = await readTestSite('en');
const merchant = listEndpoints(site.catalogue).filter(({ kind }) => kind === 'merchant');

/** Every request that a shop makes, as the catalogue has it: once for each body. */
const wanted = merchant.flatMap(({ verb, path, bodies }) => {
  const address = `${verb} {{url}}${path.replaceAll('{', '{{').replaceAll('}', '}}')}`;
  return bodies.length === 0 ? [{ address, body: null }] : bodies.map(({ value }) => ({ address, body: value }));
});

const SENT_ONCE = merchant.filter(({ id }) => id === 'createRefund' || id === 'createLink').map(({ title }) => title);

describe('the collection for Postman', () => {
  const collection = writePostman(site);
  const items = collection.item.flatMap(({ item }) => item);

  test('keeps the rules of format 2.1', () => {
    const check = new Ajv({ allErrors: true }).compile(POSTMAN_SCHEMA);
    expect([check(collection), check.errors]).toEqual([true, null]);
  });

  test('has every endpoint of the shop with every body, and nothing that others call', () => {
    const requests = items.map(({ request }) => ({
      address: `${request.method} ${request.url.raw}`,
      body: request.body ? JSON.parse(request.body.raw) : null,
    }));
    expect(requests).toEqual(wanted);
    expect(collection.item.map(({ name }) => name)).toEqual(site.catalogue.groups.map(({ name }) => name));
  });

  test('sends the key as a variable, and not where none is needed', () => {
    expect(collection.auth).toEqual({
      type: 'apikey',
      apikey: [
        { key: 'key', value: 'X-API-KEY', type: 'string' },
        { key: 'value', value: '{{apiKey}}', type: 'string' },
        { key: 'in', value: 'header', type: 'string' },
      ],
    });
    expect(collection.variable.map(({ key, value }) => [key, value])).toEqual([
      ['url', SITE_URL],
      ['apiKey', ''],
      ['paymentNo', ''],
      ['linkNo', ''],
    ]);
    const open = items.filter(({ request }) => request.auth?.type === 'noauth').map(({ request }) => request.url.raw);
    expect(open).toEqual(['{{url}}/healthz', '{{url}}/readyz', '{{url}}/metrics']);
  });

  test('has an address that is the same in its parts, and all of its variables', () => {
    const known = collection.variable.map(({ key }) => key);
    for (const { request } of items) {
      const { raw, host, path } = request.url;
      expect(`${host.join('.')}/${path.join('/')}`).toBe(raw);
      for (const [, name = ''] of raw.matchAll(/\{\{(\w+)\}\}/g)) expect(known).toContain(name);
    }
  });

  test('offers what may be left out without sending it, and shows answers', () => {
    const list = items.find(({ request }) => request.method === 'GET' && request.url.raw.endsWith('/payments'));
    const status = list?.request.url.query?.find(({ key }) => key === 'status');
    expect(status).toMatchObject({ disabled: true, value: 'paid' });
    const refund = items.find(({ request }) => request.method === 'POST' && request.url.raw.endsWith('/refunds'));
    const once = items
      .flatMap(({ name, request }) => request.header.map((header) => ({ name, ...header })))
      .filter(({ key }) => key === 'Idempotency-Key');
    expect(new Set(once.map(({ value }) => value))).toEqual(new Set(['{{$guid}}']));
    // What has no number of the shop's own is made twice without it.
    expect(once.filter(({ disabled }) => !disabled).map(({ name }) => name)).toEqual(SENT_ONCE);
    expect(refund?.response.map(({ code }) => code)).toEqual([201, 200]);
    for (const { body } of refund?.response ?? []) expect(JSON.parse(body)).toMatchObject({ success: true });
  });
});

describe('the collection for Bruno', () => {
  const files = writeBruno(site.catalogue);
  const requests = Object.entries(files)
    .filter(([path]) => /^[^/]+\/(?!folder)[^/]+\.bru$/.test(path) && !path.startsWith('environments/'))
    .map(([path, text]) => ({ path, ...bruToJsonV2(text) }));

  test('has every endpoint of the shop with every body, as Bruno itself reads it', () => {
    const read = requests.map(({ http, body }) => ({
      address: `${http.method.toUpperCase()} ${http.url}`,
      body: body?.json === undefined ? null : JSON.parse(body.json),
    }));
    expect(read).toEqual(wanted);
  });

  test('says what each request is, in its order', () => {
    const [first, ...others] = requests.filter(({ path }) => path.startsWith('ecpay/'));
    expect(first?.meta).toEqual({
      name: 'Create ECPay AIO payment (Credentials in the request)',
      type: 'http',
      seq: '1' as never,
    });
    expect(others.map(({ meta }) => Number(meta.seq))).toEqual(others.map((_, at) => at + 2));
    expect(first?.docs).toStartWith('The payer goes to ECPay’s cashier');
    expect(first?.http).toMatchObject({ body: 'json', auth: 'inherit' });
    expect(first?.headers).toEqual([{ name: 'Idempotency-Key', value: '{{$guid}}', enabled: false }]);
    const once = requests.filter(({ headers }) =>
      headers?.some((one) => one.name === 'Idempotency-Key' && one.enabled),
    );
    expect(once.map(({ meta }) => meta.name)).toEqual(SENT_ONCE);
    const list = requests.find(({ path }) => path === 'payments/listPayments.bru');
    expect(list?.params?.find(({ name }) => name === 'search')).toMatchObject({ value: '王小明', enabled: false });
    expect(requests.find(({ path }) => path === 'installation/checkHealth.bru')?.http.auth).toBe('none');
  });

  test('has a collection that sends the key, an environment that keeps it secret, and folders in order', () => {
    expect(JSON.parse(files['bruno.json'] ?? '')).toMatchObject({ version: '1', name: 'PayCore', type: 'collection' });
    expect(collectionBruToJson(files['collection.bru'] ?? '').auth).toMatchObject({
      mode: 'apikey',
      apikey: { key: 'X-API-KEY', value: '{{apiKey}}', placement: 'header' },
    });
    const { variables } = bruToEnvJsonV2(files['environments/paycore.bru'] ?? '');
    expect(variables.map(({ name, value, secret }) => [name, value, secret])).toEqual([
      ['url', SITE_URL, false],
      ['paymentNo', '', false],
      ['linkNo', '', false],
      ['apiKey', '', true],
    ]);
    const folders = Object.entries(files).filter(([path]) => path.endsWith('/folder.bru'));
    expect(folders.map(([, text]) => collectionBruToJson(text).meta?.name)).toEqual(
      site.catalogue.groups.map(({ name }) => name),
    );
  });

  test('text that looks like the end of a block does not end it', () => {
    const [group] = site.catalogue.groups;
    const [endpoint] = group?.endpoints ?? [];
    if (!group || !endpoint) throw new Error('the catalogue is empty');
    const odd = {
      ...endpoint,
      text: ['}', 'body:json {'],
      bodies: [{ name: 'odd', title: '', type: 'application/json', value: { text: '\n}\n"\'{{x}}' } }],
    };
    const catalogue = { ...site.catalogue, groups: [{ ...group, endpoints: [odd] }] };
    const read = bruToJsonV2(writeBruno(catalogue)[`${group.id}/${endpoint.id}.bru`] ?? '');
    expect(JSON.parse(read.body?.json ?? '')).toEqual({ text: '\n}\n"\'{{x}}' });
    expect(read.docs).toBe('}\n\nbody:json {');
  });
});
