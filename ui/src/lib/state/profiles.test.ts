import { expect, it, vi } from 'vitest';
import type { Profile, RemovedProfile } from '$lib/api/api';

vi.mock('./place.svelte', () => ({ place: { profiles: [], game: 'saltmere' } }));
const { profileRows, whereabouts } = await import('./profiles.svelte');
const { freeName } = await import('./lifecycle');

const profile = (name: string, extra: Partial<Profile> = {}): Profile =>
  ({ id: name, name, game: 'saltmere', game_title: 'Saltmere', installation: 'native', active: false, generation: 0, on: 0, off: 0, updates: 0, problems: 0, ...extra });
const removed = (name: string, at: string): RemovedProfile => ({ id: name, name, game: 'saltmere', packages: 1, removed: at, forgotten: at });

it('puts the placed profile first and removed ones last, the newest of them first', () => {
  const rows = profileRows([profile('b'), profile('a'), profile('z', { placed: true, active: true })], [removed('old', '2026-01-01'), removed('new', '2026-02-01'), removed('a', '2026-03-01')]);
  expect(rows.map((row) => row.name)).toEqual(['z', 'a', 'b', 'new', 'old']);
  expect(rows.map(whereabouts)).toEqual(['placed', 'not-placed', 'not-placed', 'removed', 'removed']);
  expect(whereabouts({ kind: 'profile', ...profile('c', { active: true }) })).toBe('chosen');
});

it('finds a name that is free', () => {
  expect(freeName('Crew', ['Other'])).toBe('Crew');
  expect(freeName('Crew', ['Crew', 'Crew 2'])).toBe('Crew 3');
});
