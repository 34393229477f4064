import type { Frame } from '../frame.ts';
import { sayOf } from '../texts.ts';

/** good: money is there; warn: a person should look; bad: it did not work; quiet: nothing is awaited any more; wait: it is. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'wait';

const TONES: Readonly<Record<string, Tone>> = { paid: 'good', pending: 'wait', failed: 'bad', expired: 'quiet' };

/** A dot and a word. */
export function Dot({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <span class={`dot ${tone}`}>
      <bdi>{children}</bdi>
    </span>
  );
}

export function StatusDot({ say, status }: { readonly say: Frame['say']; readonly status: string }) {
  return <Dot tone={TONES[status] ?? 'quiet'}>{sayOf(say, 'status', status)}</Dot>;
}
