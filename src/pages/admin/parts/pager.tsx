import type { Frame } from '../frame.ts';

/** An address of this page with other parameters; null takes one away. */
export function withParams(address: string, change: Readonly<Record<string, string | null>>): string {
  const url = new URL(address, 'http://desk');
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

/** On to the next page of a list, and back to its beginning. The browser's own way back leads to the page before. */
export function Pager({
  frame,
  next,
}: {
  readonly frame: Pick<Frame, 'say' | 'address'>;
  /** Null: this is the last page. */
  readonly next: string | null;
}) {
  const { say, address } = frame;
  const isFirst = !new URL(address, 'http://desk').searchParams.has('cursor');
  if (isFirst && next === null) return null;
  return (
    <nav class="pager" aria-label={say('list.pages')}>
      {!isFirst && (
        <a class="button quiet" href={withParams(address, { cursor: null })} rel="first">
          {say('list.first')}
        </a>
      )}
      {next !== null && (
        <a class="button quiet next" href={withParams(address, { cursor: next })} rel="next">
          {say('list.next')}
        </a>
      )}
    </nav>
  );
}
