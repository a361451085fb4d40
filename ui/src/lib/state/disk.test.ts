import { expect, test } from 'vitest';
import type { StoreSpace } from '$lib/api/api';
import { shares, storeTotal } from './disk.svelte';

const store = (more: Partial<StoreSpace>): StoreSpace => ({ folder: '/data', away: false, packages: 3, unique: 0, shared: 0, history: 0, reclaimable: 0, ...more });

test('the parts add up to all of it', () => {
  const full = store({ unique: 50, shared: 25, history: 15, reclaimable: 10 });
  expect(storeTotal(full)).toBe(100);
  expect(shares(full).map(({ part, percent }) => [part, percent])).toEqual([['unique', 50], ['shared', 25], ['history', 15], ['reclaimable', 10]]);
});

test('nothing has no share, and an empty store none at all', () => {
  expect(shares(store({ shared: 7 }))).toEqual([{ part: 'shared', percent: 100 }]);
  expect(shares(store({}))).toEqual([]);
});
