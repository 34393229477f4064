import type { Encoding } from '../assets.ts';

/**
 * The way of sending that a caller likes best by its `Accept-Encoding` (RFC 9110, 12.5.3); of those it likes the same, the
 * first that is offered. Null: as it is.
 */
export function chooseEncoding(accepted: string | null, offered: readonly Encoding[]): Encoding | null {
  if (accepted === null) return null;
  const weights = readWeights(accepted);
  const weigh = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  const best = Math.max(...offered.map(weigh), 0);
  // What says nothing of sending it as it is takes that too, and prefers what it has named.
  if (best === 0 || best < (weights.get('identity') ?? 0)) return null;
  return offered.find((encoding) => weigh(encoding) === best) ?? null;
}

/** `gzip;q=0.5, br` as weights from 0 to 1. */
function readWeights(accepted: string): ReadonlyMap<string, number> {
  return new Map(
    accepted
      .toLowerCase()
      .split(',')
      .map((part): [string, number] => {
        const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='));
        return [coding, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
      }),
  );
}

/** That what is sent depends on what the caller takes, to every cache on the way. */
export const VARY = { vary: 'accept-encoding' } as const;
