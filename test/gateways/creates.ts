import { describe, expect, test } from 'bun:test';
import { type Answer, exampleOrder, type Received } from '../support/app.ts';
import type { Bench } from './contract.ts';

/** Creating over and over, and all at once. */
export function describeCreates(bench: () => Bench): void {
  const setUp = () => {
    const { app, contract } = bench();
    app.gateway.received.length = 0;
    const { route, callPath, otherAmount } = contract.creating;
    const order = { ...exampleOrder(app.shop.url), ...contract.order('test') };
    return {
      app,
      otherAmount,
      create: (body: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
        app.create(route, { ...order, ...body }, headers),
      createAnother: () => app.create(route, contract.order('test')),
      isCall: ({ path }: Received) => path === callPath,
      calls: () => app.gateway.received.filter(({ path }) => path === callPath).length,
    };
  };

  describe('creates at the same time', () => {
    test('20 identical ones call the gateway once and get the same payment; one of them made it', async () => {
      const { create, calls } = setUp();
      const answers = await Promise.all(Array.from({ length: 20 }, () => create()));
      expect(calls()).toBe(1);
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
      const shapes = new Set(answers.map(({ json }) => JSON.stringify({ ...json.data, created: null })));
      expect(shapes.size).toBe(1);
      for (const { status, json } of answers) expect(json.data.created).toBe(status === 201);
    });

    test('20 identical ones under one Idempotency-Key get the same bytes', async () => {
      const { create, calls } = setUp();
      const headers = { 'idempotency-key': 'twenty-at-once' };
      const answers = await Promise.all(Array.from({ length: 20 }, () => create({}, headers)));
      expect(calls()).toBe(1);
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
      const replayed = answers.filter((answer) => answer.headers.get('idempotent-replayed') === 'true');
      expect(replayed.length).toBe(19);
    });

    test('of two different ones for one order one wins, and the other hears which payment it was', async () => {
      const { create, calls, otherAmount } = setUp();
      const answers = await Promise.all([create(), create({ amount: otherAmount })]);
      expect(calls()).toBe(1);
      const [won, lost] = [...answers].sort((a, b) => a.status - b.status);
      expect([won?.status, lost?.status]).toEqual([201, 409]);
      expect(lost?.json.error).toEqual({
        error_code: 'ORDER_CONFLICT',
        payment_no: String(won?.json.data.payment_no),
      });
    });

    test('when the gateway fails the first, its twins hear the same and nobody calls again', async () => {
      const { create, calls, isCall, app } = setUp();
      // The gateway takes its time, so that all ten are there: one that comes later asks what became of the first.
      app.gateway.answer = async (request) => {
        if (!isCall(request)) return null;
        await Bun.sleep(200);
        return new Response('no', { status: 500 });
      };
      try {
        const answers = await Promise.all(Array.from({ length: 10 }, () => create()));
        expect(calls()).toBe(1);
        expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
        expect(answers[0]?.status).toBe(502);
      } finally {
        app.gateway.answer = null;
      }
    });

    test('100 different orders at once are 100 payments with numbers of their own', async () => {
      const { createAnother, app } = setUp();
      const answers = await Promise.all(Array.from({ length: 100 }, createAnother));
      const failed = answers.filter(({ status }) => status !== 201).map(({ text }) => text);
      // What stands in the log says why, where one has failed.
      expect([failed, failed.length === 0 ? [] : app.log.filter((line) => line.includes('"error"'))]).toEqual([[], []]);
      for (const name of ['payment_no', 'gateway_order_no']) {
        expect(new Set(answers.map(({ json }) => json.data[name])).size).toBe(100);
      }
    });
  });
}
