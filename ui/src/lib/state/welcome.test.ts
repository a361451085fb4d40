import { expect, it } from 'vitest';
import type { GameDetail } from '$lib/api/api';
import { presets } from './first-run.svelte';
import { isFirstRun } from './welcome';

const unset = { sharing: 'unset' } as const;
const one = [{ on: 0, off: 0 }];

it('greets only who has nothing, has not answered and was not greeted', () => {
  expect(isFirstRun({ settings: unset, sources: [], profiles: [] }, false)).toBe(true);
  expect(isFirstRun({ settings: unset, sources: [], profiles: one }, false)).toBe(true);
  expect(isFirstRun({ settings: unset, sources: [], profiles: one }, true)).toBe(false);
  expect(isFirstRun({ settings: unset, sources: ['one'], profiles: one }, false)).toBe(false);
  expect(isFirstRun({ settings: { sharing: 'nobody' }, sources: [], profiles: one }, false)).toBe(false);
  expect(isFirstRun({ sources: [], profiles: [] }, false)).toBe(false);
  expect(isFirstRun({ settings: unset, sources: [], profiles: [...one, { on: 0, off: 1 }] }, false)).toBe(false);
});

const game = (title: string, sources: string[]): GameDetail => ({ id: title.toLowerCase(), title, sources, installations: [], also_called: [], origins: ['shipped'], load_order: 'game', launches: [], loaders: [], stores: {}, places: [] });

it('offers each source once, with its games, and takes the first of each game', () => {
  const found = presets([game('Orchard', ['modrinth:fabric', 'modrinth:quilt']), game('Rally', ['modrinth:quilt', 'contentdb']), game('Salt', [])]);
  expect(found).toEqual([
    { address: 'modrinth:fabric', games: ['Orchard'], taken: true },
    { address: 'modrinth:quilt', games: ['Orchard', 'Rally'], taken: true },
    { address: 'contentdb', games: ['Rally'], taken: false },
  ]);
  expect(presets([game('Orchard', ['a', 'b'])]).map(({ taken }) => taken)).toEqual([true, false]);
  expect(presets([])).toEqual([]);
});
