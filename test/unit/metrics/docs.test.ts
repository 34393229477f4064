import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { METRICS } from '../../../src/metrics/definitions.ts';
import { createInstruments } from '../../../src/metrics/instruments.ts';

/** What is written about metrics against those there are. */

const read = (path: string) => readFileSync(`docs/${path}`, 'utf8');
const { registry } = createInstruments();
const known = new Set(registry.getMetricsAsArray().map(({ name }) => name));

/** Names in an expression; a histogram has three of its own. */
const namesIn = (text: string) =>
  [...new Set(text.match(/\bpaycore_\w+/g) ?? [])].map((name) =>
    known.has(name) ? name : name.replace(/_(bucket|count|sum)$/, ''),
  );
const unknownIn = (text: string) => namesIn(text).filter((name) => !known.has(name));
/** Labels that an expression sorts or picks by. */
const labels = new Set(['le', 'instance', 'job', ...Object.values(METRICS).flatMap(({ labels }) => [...labels])]);
const labelsIn = (text: string) =>
  [...text.matchAll(/\bby \(([^)]*)\)|\{([^}]*)\}/g)].flatMap(([, by, picks]) =>
    by === undefined ? [...(picks ?? '').matchAll(/(\w+)[!=]~?"/g)].map(([, name = '']) => name) : by.split(/, */),
  );

describe('docs/metrics.md', () => {
  const page = read('metrics.md');

  test('says of every metric what it means and which labels it has, and of no other', () => {
    const rows = [...page.matchAll(/^\| `(paycore_\w+)` \|([^|]*)\| ([^|]+) \|$/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual([...known].sort());
    for (const [, name, told = '', meaning = ''] of rows) {
      const metric = Object.values(METRICS).find((one) => one.name === name);
      expect([name, [...told.matchAll(/`(\w+)`/g)].map(([, label]) => label)]).toEqual([
        name,
        [...(metric?.labels ?? [])],
      ]);
      expect(meaning.length).toBeGreaterThan(10);
    }
  });

  test('lists the alerts that there are', () => {
    const alerts = [...read('prometheus/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect([...page.matchAll(/^\| `(PayCore\w+)`/gm)].map(([, name]) => name)).toEqual(alerts);
  });
});

describe('docs/prometheus/alerts.yml', () => {
  const rules = read('prometheus/alerts.yml');

  test('has five rules, each with an expression over metrics and labels that there are, and a sentence', () => {
    const { groups } = Bun.YAML.parse(rules) as {
      groups: { rules: { alert: string; expr: string; for: string; annotations: Record<string, string> }[] }[];
    };
    const all = groups.flatMap((group) => group.rules);
    expect(all).toHaveLength(5);
    for (const rule of all) {
      expect({ alert: rule.alert, unknown: unknownIn(rule.expr) }).toEqual({ alert: rule.alert, unknown: [] });
      expect(labelsIn(rule.expr).filter((name) => !labels.has(name))).toEqual([]);
      expect(rule.expr).toMatch(/paycore_|\bup\{/);
      expect(rule.for).toMatch(/^\d+m$/);
      expect(rule.annotations.summary).toMatch(/\.$/);
    }
  });
});

describe('docs/grafana/paycore.json', () => {
  test('has expressions over metrics and labels that there are, each panel in a place of its own', () => {
    const { panels } = JSON.parse(read('grafana/paycore.json')) as {
      panels: { id: number; title: string; gridPos: { x: number; y: number }; targets: { expr: string }[] }[];
    };
    expect(panels.length).toBeGreaterThan(8);
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        expect({ title, names: namesIn(expr).length > 0, unknown: unknownIn(expr) }).toEqual({
          title,
          names: true,
          unknown: [],
        });
        expect(labelsIn(expr).filter((name) => !labels.has(name))).toEqual([]);
      }
    }
    const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect([new Set(places).size, new Set(panels.map(({ id }) => id)).size]).toEqual([panels.length, panels.length]);
  });
});

test('names keep to the conventions of Prometheus: prefix, base units, _total for what is counted', () => {
  for (const { name, help, type } of Object.values(METRICS)) {
    expect(name).toMatch(/^paycore_[a-z_]+$/);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    expect(help).toMatch(/\.$/);
  }
});
