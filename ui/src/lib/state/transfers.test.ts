import { expect, it } from 'vitest';
import type { Transfer, Transfers, TransfersChange } from '$lib/api/api';
import { changed } from './transfers';

const transfer = (sha256: string, down = 0): Transfer => ({ sha256, down }) as Transfer;
const before = { transfers: [transfer('a'), transfer('b'), transfer('c')], down: 1, paused: false } as Transfers;
const change = (more: Partial<TransfersChange>): TransfersChange => ({ changed: [], gone: [], down: 2, paused: true, ...more }) as TransfersChange;

it('keeps the rest in its order, and adds what is new behind it', () => {
  const after = changed(before, change({ changed: [transfer('b', 5), transfer('d')], gone: ['a'] }));
  expect(after.transfers.map(({ sha256, down }) => [sha256, down])).toEqual([['b', 5], ['c', 0], ['d', 0]]);
  expect([after.down, after.paused, 'changed' in after]).toEqual([2, true, false]);
});

it('leaves untouched rows the very same, so that nothing is drawn anew for them', () => {
  const after = changed(before, change({ changed: [transfer('b', 5)] }));
  expect(after.transfers[0]).toBe(before.transfers[0]);
  expect(before.transfers.map(({ down }) => down)).toEqual([0, 0, 0]);
});
