import type { Metadata } from './payment.ts';

export const MAX_METADATA_PAIRS = 20;
const MAX_KEY = 40;
const MAX_VALUE = 500;

export function isMetadata(value: unknown): value is Metadata {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const pairs = Object.entries(value);
  return (
    pairs.length <= MAX_METADATA_PAIRS &&
    pairs.every(([key, text]) => key.length <= MAX_KEY && typeof text === 'string' && text.length <= MAX_VALUE)
  );
}
