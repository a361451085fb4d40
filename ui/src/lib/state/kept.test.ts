import { expect, it } from 'vitest';
import type { KeptVersion } from '$lib/api/api';
import { bytesOf, canLetGo, hasPlace, isPath, keptRows, nameOf, onePerFile } from './kept.svelte';

const version = (id: string, path: string | undefined, more: Partial<KeptVersion> = {}): KeptVersion => ({
  id, ...(path !== undefined && { file: { place: 'mods', path } }), sha256: `${id}0123456789abcdef`, size: 10, modified: '2026-01-01T00:00:00Z', why: 'replaced', ...more,
});
const all = [
  version('hidden', 'a/x.lua', { why: 'hidden' }), version('found', undefined, { why: 'found' }), version('old', 'b.conf'),
  version('new', 'b.conf', { modified: '2026-02-01T00:00:00Z' }), version('first', 'a.conf'), version('theirs', 'data.bin', { why: 'displaced' }),
];

it('lists what only the player can bring back first, and the newest version of a file before older ones', () => {
  expect(keptRows(all).map(({ id }) => id)).toEqual(['first', 'new', 'old', 'found', 'theirs', 'hidden']);
  expect(keptRows([...all].reverse())).toEqual(keptRows(all));
});

it('lets nothing go that comes back by itself', () => {
  expect(all.filter(canLetGo).map(({ id }) => id)).toEqual(['found', 'old', 'new', 'first']);
});

it('brings one version of each file back, the newest of those that are chosen', () => {
  expect(onePerFile(keptRows(all).filter(hasPlace)).map(({ id }) => id)).toEqual(['first', 'new', 'theirs', 'hidden']);
});

it('takes only paths that stay inside of a folder', () => {
  expect(['a', 'a/b.conf', 'ä ö/…'].every(isPath)).toBe(true);
  expect(['', '/a', 'a/', 'a//b', '..', 'a/../b', './a', 'a\\b'].some(isPath)).toBe(false);
});

it('names and measures versions', () => {
  expect([bytesOf(all), nameOf(version('i', 'a/b.lua')), nameOf(version('abc', undefined))]).toEqual([60, 'b.lua', 'abc012345678']);
});
