import { expect, test } from 'vitest';
import type { AdoptedMod, ManagedProfile } from '$lib/api/api';
import { isSame, knownBy, sorted } from './adopt.svelte';

const mod = (more: Partial<AdoptedMod>): AdoptedMod => ({ place: 'plugins', name: 'Ada-Lantern', title: 'Lantern', files: 3, size: 12, ...more });
const key = { source: 'thunderstore:toy', id: 'Ada-Lantern' };

test('an archive says more than a list, and a list more than a manifest', () => {
  expect(knownBy(mod({ package: key, known_as: key }))).toBe('archive');
  expect(knownBy(mod({ known_as: key }))).toBe('listed');
  expect(knownBy(mod({}))).toBe('manifest');
});

test('profiles of the game come first, others are counted by game', () => {
  const of = (game: string, name: string): ManagedProfile => ({ manager: 'gale', game, game_title: game.toUpperCase(), game_found: true, name, path: `/${game}/${name}`, mods: 1 });
  const { here, elsewhere } = sorted([of('b', '1'), of('a', '1'), of('c', '1'), of('b', '2')], 'a');
  expect(here.map(({ path }) => path)).toEqual(['/a/1']);
  expect(elsewhere).toEqual([{ id: 'b', title: 'B', count: 2 }, { id: 'c', title: 'C', count: 1 }]);
});

test('two profiles of another manager are two choices', () => {
  expect(isSame({ what: 'places' }, { what: 'places' })).toBe(true);
  expect(isSame({ what: 'managed', path: '/a' }, { what: 'managed', path: '/b' })).toBe(false);
  expect(isSame(undefined, { what: 'chosen' })).toBe(false);
});
