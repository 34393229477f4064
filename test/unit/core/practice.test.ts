import { describe, expect, test } from 'bun:test';
import { findSimulator } from '../../../src/core/practice.ts';

const BUILT_IN = 'http://localhost:9090';
const STAND_IN = 'http://127.0.0.1:9091';
const both = { builtIn: BUILT_IN, standIn: STAND_IN };
const none = { builtIn: null, standIn: null };

describe('the simulator in which a payment may be paid', () => {
  test('is none for a live payment, wherever it leads', () => {
    for (const environment of ['production', 'stage', 'sandbox', 'simulator'] as const) {
      expect(findSimulator({ livemode: true, environment, origins: [STAND_IN] }, both)).toBeNull();
    }
  });

  test('is none for a payment at a gateway, its sandbox, or a stand-in that we were not told of', () => {
    const sandbox = 'https://payment-stage.ecpay.com.tw';
    for (const origins of [[sandbox], ['http://127.0.0.1:9999'], [BUILT_IN], [STAND_IN, sandbox], []]) {
      for (const environment of ['stage', 'sandbox', 'production'] as const) {
        expect(findSimulator({ livemode: false, environment, origins }, both)).toBeNull();
      }
    }
    expect(findSimulator({ livemode: false, environment: 'stage', origins: [STAND_IN] }, none)).toBeNull();
  });

  test('is the built-in one for practice, while it runs', () => {
    const practice = { livemode: false, environment: 'simulator', origins: [BUILT_IN] } as const;
    expect(findSimulator(practice, both)).toBe(BUILT_IN);
    expect(findSimulator(practice, { ...both, builtIn: null })).toBeNull();
  });

  test('is the one that stands in for the whole gateway, whatever its environment is called', () => {
    for (const environment of ['stage', 'sandbox', 'production'] as const) {
      const origins = [STAND_IN, STAND_IN];
      expect(findSimulator({ livemode: false, environment, origins }, both)).toBe(STAND_IN);
    }
  });
});
