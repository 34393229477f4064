import type { Frame } from './frame.ts';

export function OverviewPage({ frame }: { readonly frame: Frame }) {
  return <h1>{frame.say('page.overview')}</h1>;
}
