import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS } from './definitions.ts';

type Definitions = typeof METRICS;
type LabelsOf<D> = D extends { readonly labels: readonly (infer Label extends string)[] } ? Label : never;
type Kinds<Label extends string> = {
  readonly counter: Counter<Label>;
  readonly gauge: Gauge<Label>;
  readonly histogram: Histogram<Label>;
};

/** One for each definition, by the same name. */
export type Instruments = {
  readonly [Name in keyof Definitions]: Kinds<LabelsOf<Definitions[Name]>>[Definitions[Name]['type']];
};

/** A registry of its own for each program: the library's is one for the whole process. */
export function createInstruments(): { readonly registry: Registry; readonly instruments: Instruments } {
  const registry = new Registry();
  const made = Object.entries(METRICS).map(([key, { name, help, labels, ...rest }]) => {
    const common = { name, help, labelNames: [...labels], registers: [registry] };
    if (rest.type === 'histogram') return [key, new Histogram({ ...common, buckets: [...rest.buckets] })];
    return [key, rest.type === 'counter' ? new Counter(common) : new Gauge(common)];
  });
  return { registry, instruments: Object.fromEntries(made) as Instruments };
}
