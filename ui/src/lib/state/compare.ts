/** Three versions of a text side by side: lines that all have, and between them what each has in their place. */

export interface CompareRow {
  base?: string;
  mine?: string;
  theirs?: string;
  /** Whose version of this part is not as the base: both with the same words is `alike`. */
  by: 'nobody' | 'mine' | 'theirs' | 'both' | 'alike';
  /** Where lines are left out before this one, how many. */
  skipped?: number;
}

export const linesOf = (text: string): string[] => {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Texts further apart than this many lines are not matched line by line any more. */
const furthest = 1_500;

/** For every line of `a` the line of `b` that is the same one, or -1 (Myers, An O(ND) Difference Algorithm, 1986). */
export function matches(a: readonly string[], b: readonly string[]): Int32Array {
  const found = new Int32Array(a.length).fill(-1);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) found[start] = start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) found[--endA] = --endB;
  const [n, m] = [endA - start, endB - start];
  const trace: Int32Array[] = [];
  const far = (reached: Int32Array | undefined, size: number, k: number): number => (reached === undefined || Math.abs(k) > size ? -1 : (reached[k + size] ?? -1));
  for (let d = 0; d <= Math.min(n + m, furthest); d += 1) {
    const before = trace.at(-1);
    const now = new Int32Array(2 * d + 1);
    trace.push(now);
    for (let k = -d; k <= d; k += 2) {
      let x = d === 0 ? 0 : k === -d || (k !== d && far(before, d - 1, k - 1) < far(before, d - 1, k + 1)) ? far(before, d - 1, k + 1) : far(before, d - 1, k - 1) + 1;
      while (x < n && x - k < m && a[start + x] === b[start + x - k]) x += 1;
      now[k + d] = x;
      if (x >= n && x - k >= m) {
        walkBack(trace, n, m, (x0, y0) => (found[start + x0] = start + y0));
        return found;
      }
    }
  }
  return found;
}

/** Follows the shortest way from its end; `same` gets every pair of equal lines on it. */
function walkBack(trace: readonly Int32Array[], n: number, m: number, same: (x: number, y: number) => void): void {
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const before = trace[d - 1];
    const at = (k: number): number => (before === undefined || Math.abs(k) > d - 1 ? -1 : (before[k + d - 1] ?? -1));
    const k = x - y;
    const from = d === 0 ? 0 : k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const [x0, y0] = d === 0 ? [0, 0] : [at(from), at(from) - from];
    while (x > x0 && y > y0) same(--x, --y);
    [x, y] = [x0, y0];
  }
}

/** All lines of the three, side by side. */
export function compared(base: string, mine: string, theirs: string): CompareRow[] {
  const [b, m, t] = [linesOf(base), linesOf(mine), linesOf(theirs)];
  const [inMine, inTheirs] = [matches(b, m), matches(b, t)];
  const rows: CompareRow[] = [];
  let [i, j, k] = [0, 0, 0];
  const part = (endB: number, endM: number, endT: number): void => {
    const [was, own, other] = [b.slice(i, endB), m.slice(j, endM), t.slice(k, endT)];
    [i, j, k] = [endB, endM, endT];
    const same = (one: string[], two: string[]): boolean => one.length === two.length && one.every((line, index) => line === two[index]);
    const [isMine, isTheirs] = [!same(was, own), !same(was, other)];
    const by = isMine && isTheirs ? (same(own, other) ? 'alike' : 'both') : isMine ? 'mine' : isTheirs ? 'theirs' : 'nobody';
    for (let row = 0; row < Math.max(was.length, own.length, other.length); row += 1) {
      const [one, two, three] = [was[row], own[row], other[row]];
      rows.push({ ...(one !== undefined && { base: one }), ...(two !== undefined && { mine: two }), ...(three !== undefined && { theirs: three }), by });
    }
  };
  for (let at = 0; at < b.length; at += 1) {
    const [x, y] = [inMine[at] ?? -1, inTheirs[at] ?? -1];
    if (x < 0 || y < 0) continue;
    part(at, x, y);
    part(at + 1, x + 1, y + 1);
  }
  part(b.length, m.length, t.length);
  return rows;
}

/** What was changed, with some lines around it. */
export function changesOnly(rows: readonly CompareRow[], around = 3): CompareRow[] {
  const near = new Uint8Array(rows.length);
  rows.forEach((row, index) => {
    if (row.by !== 'nobody') near.fill(1, Math.max(0, index - around), index + around + 1);
  });
  const shown: CompareRow[] = [];
  let skipped = 0;
  rows.forEach((row, index) => {
    if (near[index] !== 1) skipped += 1;
    else {
      shown.push(skipped > 0 ? { ...row, skipped } : row);
      skipped = 0;
    }
  });
  return shown;
}
