import { expect, it } from 'vitest';
import type { Source } from '$lib/api/api';
import { again, arranged, healthOf, placeBefore } from './sources.svelte';

const source = (id: string, priority: number, more: Partial<Source> = {}): Source => ({
  id, alias: id, kind: 'registry', address: `https://${id}`, priority, enabled: true, state: 'fresh', packages: 1, synced: '2026-01-01T00:00:00Z', test_keys: false, ...more,
});
const all = [source('c', 2), source('a', 0), source('b', 1)];
const ids = (sources: Source[]) => sources.map(({ id }) => id).join('');

it('shows sources in order, with what is under way', () => {
  expect(ids(arranged(all))).toBe('abc');
  expect(ids(arranged(all, [['a', { place: 2 }]]))).toBe('bca');
  expect(ids(arranged(all, [['c', { place: 0 }], ['gone', { place: 1 }]]))).toBe('cab');
  expect(arranged(all, [['b', { enabled: false }]]).map(({ enabled }) => enabled)).toEqual([true, false, true]);
  expect(all.map(({ enabled }) => enabled)).toEqual([true, true, true]);
});

it('puts a row before another one as the arrangement then has it', () => {
  for (const from of [0, 1, 2]) {
    for (const before of [-1, 0, 1, 2, 3, 9]) {
      const moved = arranged(all)[from] as Source;
      const place = placeBefore(from, before, all.length);
      const after = arranged(all, place === undefined ? [] : [[moved.id, { place }]]);
      const rest = arranged(all).filter((one) => one.id !== moved.id);
      const target = Math.min(3, Math.max(0, before));
      rest.splice(target > from ? target - 1 : target, 0, moved);
      expect(ids(after), `${from} before ${before}`).toBe(ids(rest));
    }
  }
});

it('calls a source no better than it is', () => {
  const problem = { type: '', status: 503, code: 'x', title: '', trace: '' };
  expect(healthOf(source('a', 0))).toBe('fresh');
  expect(healthOf(source('a', 0, { problem }))).toBe('old');
  expect(healthOf(source('a', 0, { state: 'stale' }))).toBe('old');
  const { synced: _, ...never } = source('a', 0);
  expect(healthOf({ ...never, state: 'new' })).toBe('new');
  expect(healthOf({ ...never, state: 'new', problem })).toBe('failed');
  expect(healthOf(source('a', 0, { state: 'failed', problem }))).toBe('failed');
  expect(healthOf(source('a', 0, { enabled: false, problem }))).toBe('off');
});

it('adds a removed source again under the very same key', () => {
  expect(again(source('a', 0, { root: 'ff' }))).toEqual({ address: 'https://a', alias: 'a', root: 'ff' });
  expect(again(source('a', 0))).toEqual({ address: 'https://a', alias: 'a' });
});
