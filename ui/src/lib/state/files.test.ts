import { expect, it } from 'vitest';
import type { Drift, VerifyReport } from '$lib/api/api';
import { canDecide, fileKey, fileRows, needsRepair } from './files.svelte';

const file = (path: string) => ({ place: 'mods', path });
const drift: Drift = {
  undecided: [{ ...file('a.lua'), package: 'p/a' }],
  missing: [{ ...file('e.png'), package: 'p/e' }, { ...file('f.png'), package: 'p/f' }],
  own: [{ ...file('b.conf'), keep: 'both', conflict: true }, { ...file('c.conf'), keep: 'mine', conflict: false }],
};
const report: VerifyReport = {
  profile: 'x', intact: 3, changed: [{ ...file('a.lua'), package: 'p/a' }, { ...file('d.png'), package: 'p/d' }], missing: [{ ...file('e.png'), package: 'p/e' }],
  edited: [{ ...file('c.conf'), package: 'p/c' }], damaged_archives: ['00ff'],
};

it('names each file once, the ones that need somebody first', () => {
  const rows = fileRows(drift, report);
  expect(rows.map(({ path, state }) => [path, state])).toEqual([['a.lua', 'undecided'], ['b.conf', 'conflict'], ['e.png', 'missing'], ['f.png', 'missing'], ['00ff', 'damaged'], ['d.png', 'changed'], ['c.conf', 'mine']]);
  expect(new Set(rows.map(fileKey)).size).toBe(rows.length);
});

it('takes the package of a decided file from the check', () => {
  expect(fileRows(drift, report).find(({ path }) => path === 'c.conf')?.package).toBe('p/c');
});

it('lets files be decided about that were changed by hand, and no others', () => {
  expect(fileRows(drift, report).filter(canDecide).map(({ path }) => path)).toEqual(['a.lua', 'b.conf', 'c.conf']);
});

it('repairs what is missing or damaged, not what the player set', () => {
  expect(needsRepair(report)).toBe(true);
  expect(needsRepair({ ...report, changed: [], missing: [], damaged_archives: [] })).toBe(false);
  expect(fileRows(undefined, undefined)).toEqual([]);
});
