/** Moments of the start, each marked the first time that it comes, for whoever measures (`tests/bench/run ui`). */
export type Moment = 'script' | 'texts' | 'mounted' | 'live' | 'page' | 'rows';

export function moment(name: Moment): void {
  if (performance.getEntriesByName(name).length === 0) performance.mark(name);
}
