import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortTaken } from '../../../src/cli/bind.ts';
import { findMoved, keepPorts, openOn, planPorts } from '../../../src/cli/demo-ports.ts';
import { listen } from '../../../src/cli/listen.ts';

const folder = mkdtempSync(join(tmpdir(), 'paycore-ports-'));
afterEach(() => rmSync(join(folder, 'demo.json'), { force: true }));

const taken = Object.assign(new Error('in use'), { code: 'EADDRINUSE' });

describe('where the demo listens', () => {
  test('is the usual ports, unless an option or PAYCORE_PORT names others, which are meant exactly', () => {
    expect(planPorts({}, {}, folder)).toEqual({
      server: { service: 'server', port: 8080, isExact: false },
      shop: { service: 'shop', port: 8081, isExact: false },
      simulator: { service: 'simulator', port: 9090, isExact: false },
    });
    expect(planPorts({}, { PAYCORE_PORT: '' }, folder).server).toMatchObject({ port: 8080, isExact: false });
    expect(planPorts({}, { PAYCORE_PORT: '7000' }, folder).server).toMatchObject({ port: 7000, isExact: true });
    expect(planPorts({ port: '7001', 'shop-port': '0' }, { PAYCORE_PORT: '7000' }, folder)).toMatchObject({
      server: { port: 7001, isExact: true },
      shop: { port: 0, isExact: true },
      simulator: { port: 9090, isExact: false },
    });
  });

  test('is where the demo on the same data was before', () => {
    keepPorts(folder, { server: 8090, shop: 8091, simulator: 9091 });
    expect(planPorts({}, {}, folder)).toMatchObject({ server: { port: 8090 }, shop: { port: 8091, isExact: false } });
    expect(planPorts({ 'simulator-port': '9095' }, {}, folder).simulator).toMatchObject({ port: 9095, isExact: true });
  });

  test.each([
    [{ 'shop-port': 'x' }, {}, '--shop-port must be a number from 0 to 65535, not "x"'],
    [{ port: '65536' }, {}, '--port must be'],
    [{}, { PAYCORE_PORT: '-1' }, 'PAYCORE_PORT must be'],
  ])('is never %p %p', (given, env, said) => {
    expect(() => planPorts(given, env, folder)).toThrow(said);
  });
});

describe('a port that is taken', () => {
  const plan = { service: 'shop', port: 8081, isExact: false } as const;
  const opener = (busy: readonly number[], opened: number[] = []) => ({
    opened,
    open: (port: number) => {
      opened.push(port);
      if (busy.includes(port)) throw taken;
      return port;
    },
  });

  test('gives way to the next free one, and it is said', async () => {
    const { open, opened } = opener([8081, 8082]);
    expect(await openOn(plan, open)).toBe(8083);
    expect(opened).toEqual([8081, 8082, 8083]);
    const plans = planPorts({ port: '0' }, {}, folder);
    expect(findMoved(plans, { server: 40_000, shop: 8083, simulator: 9090 })).toEqual([
      { service: 'shop', wanted: 8081, port: 8083 },
    ]);
  });

  test('gives way to any, when so many after it are taken too', async () => {
    const busy = Array.from({ length: 2000 }, (_, at) => 8081 + at);
    expect(await openOn(plan, opener(busy).open)).toBe(0);
    expect(await openOn({ ...plan, port: 65_535 }, opener([65_535]).open)).toBe(0);
  });

  test('ends the start when somebody named it', async () => {
    const { open, opened } = opener([8081]);
    const failed = openOn({ ...plan, isExact: true }, open);
    expect(failed).rejects.toBeInstanceOf(PortTaken);
    expect(failed).rejects.toThrow(
      'port 8081 is taken. Stop what uses it, or name another: paycore demo --shop-port 8091.',
    );
    await failed.catch(() => undefined);
    expect(opened).toEqual([8081]);
  });

  test('is told apart from whatever else goes wrong', async () => {
    const broken = openOn(plan, () => {
      throw new Error('no such folder');
    });
    expect(broken).rejects.toThrow('no such folder');
    await broken.catch(() => undefined);
  });

  test('is one that something else listens on', async () => {
    const first = listen({ host: '127.0.0.1', port: 0, fetch: () => new Response() });
    const open = (port: number) => listen({ host: '127.0.0.1', port, fetch: () => new Response() });
    const second = await openOn({ ...plan, port: first.port }, open);
    expect(second.port).not.toBe(first.port);
    await Promise.all([first.stop(), second.stop()]);
  });
});
