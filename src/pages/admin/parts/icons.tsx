import type { PageName } from '../frame.ts';

/** Drawn on a grid of 20, one stroke; what has none gets a dot. */
const PATHS: Readonly<Partial<Record<PageName, string>>> = {
  overview: 'M3 17V9M8 17V3M13 17v-6M18 17V6',
  attention: 'M10 3l8 14H2zM10 8v4M10 14.5v.01',
  payments: 'M2 5h16v10H2zM2 8.5h16M5 12h4',
  refunds: 'M7 4L3 8l4 4M3 8h9a5 5 0 0 1 0 10H8',
  links: 'M8 12l4-4M6.5 9.5L4 12a3 3 0 0 0 4 4l2.5-2.5M13.5 10.5L16 8a3 3 0 0 0-4-4L9.5 6.5',
  deliveries: 'M2 10l16-7-6 14-3-5zM9 12l9-9',
  projects: 'M3 8l2-5h10l2 5M3 8v9h14V8M3 8h14M8 17v-5h4v5',
  callbacks: 'M4 4v6a4 4 0 0 0 4 4h8M12 10l4 4-4 4',
  unmatched: 'M7 7a3 3 0 1 1 4 3c-1 .5-1 1-1 2.5M10 15.5v.01M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  people: 'M10 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c0-3 2.5-5 6-5s6 2 6 5',
  audit: 'M5 2h10v16H5zM8 6h4M8 9.5h4M8 13h2',
  backups: 'M4 5c0-3 12-3 12 0v10c0 3-12 3-12 0zM4 5c0 3 12 3 12 0M4 10c0 3 12 3 12 0',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  setup: 'M4 5h12M4 10h12M4 15h12',
};

export function PageIcon({ page }: { page: PageName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={PATHS[page] ?? 'M10 10v.01'} />
    </svg>
  );
}
