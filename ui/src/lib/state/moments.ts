/** Moments of the start, each when it comes for the first time; also for whoever measures (`tests/bench/run ui`). */
export type Moment = 'script' | 'texts' | 'mounted' | 'live' | 'page' | 'rows';

/** What comes after a moment waits this long (ms): the frame that shows what came is painted first, on slow machines too. */
const behind = 250;
const waiting = new Map<Moment, (() => void)[]>();

function isPast(name: Moment): boolean {
  return performance.getEntriesByName(name).length > 0;
}

export function moment(name: Moment): void {
  if (isPast(name)) return;
  performance.mark(name);
  for (const go of waiting.get(name) ?? []) go();
  waiting.delete(name);
}

/** Does something once a moment has come, or this long (ms) after now at the latest; gives what calls it off. */
export function after(name: Moment, longest: number, what: () => void): () => void {
  let timer = setTimeout(go, isPast(name) ? 0 : longest);
  waiting.set(name, [...(waiting.get(name) ?? []), go]);

  function stop(): void {
    clearTimeout(timer);
    waiting.set(name, (waiting.get(name) ?? []).filter((one) => one !== go));
  }

  function go(): void {
    stop();
    timer = setTimeout(what, behind);
  }

  return stop;
}
