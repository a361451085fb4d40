/** What the mock sources feature, and what their counts say is trending. */
import type { PackageRow } from '../api';
import { community, day, iso, now } from './world';

const picks: readonly [id: string, text: string][] = [
  ['marlow/old-harbour-map', 'Start here: an evening’s walk, and every corner is hand-made.'],
  ['atelier-nord/compass-rose-hud', 'The one interface mod that we would not sail without.'],
  ['atelier-nord/fog-of-trade', ''],
  ['windward/sail-physics-rework', 'For crews who want to earn their knots.'],
  ['marlow/lantern-festival', 'Eleven mods for long nights, chosen by hand.'],
];
const gains: readonly [id: string, gain: number][] = [
  ['newdev77/quieter-gulls', 190], ['atelier-nord/compass-rose-hud', 8_400], ['hollowbyte/deep-storage', 41_200], ['inkwell/merchant-portraits', 1_150],
];

/** Rows as a search for `is:featured` gives them, in the order of the source. */
export function featured(rows: PackageRow[]): PackageRow[] {
  return picks.flatMap(([id, text]) => rows.filter((row) => row.id === id && row.source === community).map((row) => ({ ...row, featured: text })));
}

/** All rows in the order of what they gained, then the others. */
export function trending(rows: PackageRow[]): PackageRow[] {
  const first = gains.flatMap(([id, gain]) => rows.filter((row) => row.id === id).map((row) => ({ ...row, trend: { gain, since: iso(now - 7 * day) } })));
  const ids = new Set(first.map((row) => row.id));
  return [...first, ...rows.filter((row) => !ids.has(row.id)).sort((a, b) => (b.downloads ?? 0) - (a.downloads ?? 0))];
}
