import { expect, it, vi } from 'vitest';
import type { Generation, Job, Problem } from '$lib/api/api';

vi.stubGlobal('localStorage', { getItem: () => null });
const { activities, diagnostics, filtered, redacted } = await import('./activity.svelte');

const problem: Problem = { type: '', status: 500, code: 'catalog-timeout', title: 'timed out', trace: 'ab12', context: { file: '/home/ada/mods/x.zip' } };
const job = (id: string, updated: string, more: Partial<Job> = {}): Job => ({ id, kind: 'change', phase: 'done', subjects: ['HUD Core'], members: [], done: 0, total: 0, created: updated, updated, can_cancel: false, profile: 'p', ...more });
const state = (number: number, at: string, code: string): Generation => ({ number, at, cause: { code, context: { titles: 'A' } }, current: false });
const profiles = [{ id: 'p', name: 'Crew', game: 'saltmere', generations: [state(3, '2026-03-03T00:00:00Z', 'install'), state(2, '2026-02-02T00:00:00Z', 'repair'), state(0, '2020-01-01T00:00:00Z', 'created')] }];
const jobs = [job('one', '2026-03-03T00:00:01Z', { generation: 3 }), job('two', '2026-01-01T00:00:00Z', { kind: 'sync', profile: undefined, problem, phase: 'failed' })];
const all = activities(jobs, profiles);

it('lists jobs and older states, each thing once, newest first', () => {
  expect(all.map(({ id }) => id)).toEqual(['one', 'p 2', 'two']);
  expect(all.map(({ kind }) => kind)).toEqual(['packages', 'files', 'sources']);
  expect(all[0]?.profile?.name).toBe('Crew');
});

it('tells of games that were found and had something offered', () => {
  const games = [{ id: 'orchard', said: { title: 'Orchard', sources: 'CKAN', at: '2026-03-04T00:00:00Z' } }, { id: 'rally' }];
  const [first, ...others] = activities(jobs, profiles, games);
  expect([first?.kind, first?.at, others.length]).toEqual(['sources', '2026-03-04T00:00:00Z', all.length]);
});

it('shows only what is asked for', () => {
  expect(filtered(all, { kind: 'files', problems: false }).map(({ id }) => id)).toEqual(['p 2']);
  expect(filtered(all, { kind: 'all', problems: true }).map(({ id }) => id)).toEqual(['two']);
  expect(filtered(all, { kind: 'all', problems: false, game: 'saltmere' }).map(({ id }) => id)).toEqual(['one', 'p 2']);
});

it('takes names and addresses out of what is copied', () => {
  expect(redacted('/home/ada/mods and C:\\Users\\Ada\\mods')).toBe('/home/…/mods and C:\\Users\\…\\mods');
  expect(redacted('at https://ada:secret@mods.example/p?key=1 now')).toBe('at https://mods.example/… now');
  const text = diagnostics({ status: undefined, settings: undefined, sources: [], jobs, at: '2026-03-03T00:00:00Z', agent: 'engine' });
  expect(text).toContain('catalog-timeout');
  expect(text).toContain('ab12');
  expect(text).not.toContain('ada');
});
