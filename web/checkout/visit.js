// Whether the payer came to this page by going on, not by a reload or by coming back. Safari 14 knows the older name only.
export const isFirstVisit = () => {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  return visit ? visit.type === 'navigate' : performance.navigation?.type === 0;
};
