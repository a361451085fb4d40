import { expect, it } from 'vitest';
import type { Game, Installation, Profile } from '$lib/api/api';
import { libraryRows } from './library';

const installed: Installation[] = [{ id: 'native', kind: 'native', places: {} }];
const game = (id: string, found: boolean, own = false): Game => ({ id, title: id, installations: found ? installed : [], ...(own && { own }) });
const profile = (id: string, of: string, active = false): Profile => ({ id, name: id, game: of, game_title: of, installation: 'native', active, generation: 0, on: 0, off: 0, updates: 0, problems: 0 });

it('shows what was found, added or has a profile, and what is gone last', () => {
  const rows = libraryRows([game('zinc', true), game('amber', false), game('brine', false, true), game('never', false)], [profile('one', 'amber'), profile('two', 'zinc'), profile('three', 'zinc', true), profile('four', 'forgotten')]);
  expect(rows.map(({ id, gone }) => [id, gone])).toEqual([['zinc', false], ['amber', true], ['brine', true], ['forgotten', true]]);
  expect(rows[0]?.profile?.id).toBe('three');
  expect(rows[0]?.profiles).toHaveLength(2);
  expect(rows[2]?.profile).toBeUndefined();
  expect(libraryRows([], [])).toEqual([]);
});
