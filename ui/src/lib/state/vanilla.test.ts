import { beforeAll, expect, it } from 'vitest';
import { withTexts } from '$lib/i18n/i18n.svelte';
import { makeProof } from '$lib/api/mock/folders';
import { firstGroup, groupRows, proofGroups, proofText, verdictOf } from './vanilla.svelte';

beforeAll(() => withTexts(Promise.resolve()));

const clean = { recorded: true, much: false, departed: false };

it('tells apart mods in place, the original game, and changes by others', () => {
  expect(verdictOf(makeProof({ ...clean, recorded: false, placed: undefined }))).toBe('nothing');
  expect(verdictOf(makeProof({ ...clean, placed: 'x' }))).toBe('ours');
  expect(verdictOf(makeProof({ ...clean, placed: undefined }))).toBe('original');
  expect(verdictOf(makeProof({ ...clean, departed: true, placed: undefined }))).toBe('departed');
});

it('shows first what is not as it was', () => {
  expect(firstGroup(makeProof({ ...clean, departed: true, placed: 'x' }))).toBe('departed');
  expect(firstGroup({ ...makeProof({ ...clean, placed: 'x' }), counts: { equal: 0, unchanged: 4, departed: 0, modded: 0 } })).toBe('unchanged');
});

it('writes every group and every file, and says where a list was cut', () => {
  const proof = makeProof({ ...clean, much: true, departed: true, placed: undefined });
  const text = proofText(proof, 'Saltmere', 'Friday crew', '2026-11-20T12:00:00Z');
  expect(proofGroups.every((group) => groupRows(proof, group).every(({ path }) => text.includes(path)))).toBe(true);
  expect(text).toContain('Unchanged by metadata: 84,112');
  expect(text).toContain('The first 1,000 of 84,112 are listed.');
  expect(text).toContain('  data: saltmere.conf (changed)');
});
