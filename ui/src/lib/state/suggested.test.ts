import { describe, expect, it } from 'vitest';
import type { PackageRow } from '$lib/api/api';
import { inPlace, worthwhile } from './suggested.svelte';

const row = (id: string, more: Partial<PackageRow> = {}): PackageRow => ({ id, status: { state: 'absent' }, featured: '', ...more }) as PackageRow;
const ids = (rows: PackageRow[]): string[] => rows.map(({ id }) => id);

describe('suggestions', () => {
  it('leave out what is here, what cannot be had, what is advised against and what nobody suggests', () => {
    const rows = [
      row('a'),
      row('b', { status: { state: 'on', version: '1' } }),
      row('c', { status: { state: 'incompatible', game: 'x' } }),
      row('d', { advice: [{ severity: 'broken' }] as PackageRow['advice'] }),
      row('e', { featured: undefined, trend: { gain: 5, since: '2026-11-20T00:00:00Z' } }),
    ];
    expect(ids(worthwhile('featured', rows))).toEqual(['a']);
    expect(ids(worthwhile('trending', rows))).toEqual(['e']);
  });

  it('come and go only with a visit: what is shown changes in its place', () => {
    const [a, b] = [row('a'), row('b')];
    expect(inPlace({ featured: [a], trending: [] }, { featured: [b], trending: [b] })).toEqual({ featured: [b], trending: [] });
    expect(inPlace({ featured: [a], trending: [a] }, { featured: [], trending: [b] })).toEqual({ featured: [a], trending: [b] });
  });
});
