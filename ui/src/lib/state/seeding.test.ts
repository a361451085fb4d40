import { expect, it } from 'vitest';
import type { Seed, Settings } from '$lib/api/api';
import { diskSplit, rulesOf, seedRows, shareOf } from './seeding.svelte';

const seed = (name: string, more: Partial<Seed> = {}): Seed => ({ sha256: name, name, size: 100, offered: true, kept: [{ code: 'kept-installed' }], last_used: '2026-01-01T00:00:00Z', given: 0, peers: 0, pinned: false, paused: false, checked: true, ...more });
const all = [seed('a', { given: 5 }), seed('b', { pinned: true, size: 300, kept: [{ code: 'kept-pinned' }] }), seed('c', { kept: [{ code: 'kept-for-now' }] }), seed('d', { given: 9 }), seed('e', { kept: [] })];

it('splits the disk by what keeps it, never below nothing free', () => {
  expect(diskSplit(all, 1_000)).toEqual({ pinned: 300, used: 200, soon: 200, free: 300 });
  expect(diskSplit(all, 10).free).toBe(0);
  expect(diskSplit([], 10)).toEqual({ pinned: 0, used: 0, soon: 0, free: 10 });
  expect(all.map(shareOf)).toEqual(['used', 'pinned', 'soon', 'used', 'soon']);
});

it('shows what gives most first', () => {
  expect(seedRows(all).map(({ name }) => name)).toEqual(['d', 'a', 'b', 'c', 'e']);
});

it('says of each rule whether it is on, whether it applies, and what switches it over', () => {
  const settings = { upload_while_playing: false, on_battery: 'pause', on_metered: 'allow', on_vpn: 'pause-unless-known', share_when_away: false } as Settings;
  const rules = rulesOf(settings, { playing: true, battery: false, away: true });
  expect(rules.map(({ name, on, applies }) => [name, on, applies])).toEqual([['playing', true, true], ['battery', true, false], ['metered', false, undefined], ['vpn', true, undefined], ['away', false, false]]);
  expect(rules.map(({ patch }) => patch)).toEqual([{ upload_while_playing: true }, { on_battery: 'allow' }, { on_metered: 'pause' }, { on_vpn: 'allow' }, { share_when_away: true }]);
  const switched = rules.reduce((now, { patch }) => ({ ...now, ...patch }), settings);
  expect(rulesOf(switched, {}).map(({ on }) => on)).toEqual(rules.map(({ on }) => !on));
});
