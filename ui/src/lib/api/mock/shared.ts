/** Profiles of others that the mock world follows, and what its own say to others. */
import type { Followed, Profile, ProfileEntry, SharedText } from '../api';
import { hexFrom, iso, now, secondProfile } from './world';

export function makeFollowed(state: string, profiles: Profile[]): Followed[] {
  const of = (profile: Profile | undefined, index: number): Followed[] =>
    profile === undefined ? [] : [{
      profile: profile.id, profile_name: profile.name, address: index === 0 ? 'https://crew.example/friday/evenings.json' : `https://crew.example/lists/${index}.json`, name: index === 0 ? 'Evenings of the crew' : `List ${index}`,
      version: 7, seen: 7, keep_others: index % 2 === 0, checked: iso(now - 2 * 3_600_000),
      ...(state === 'partial' && { problem: { type: 'urn:muster:problem:shared-unreachable', status: 503, code: 'shared-unreachable', title: 'timed out', trace: 'c1', context: { address: 'https://crew.example/friday/evenings.json', why: 'timed out' } } }),
    }];
  if (state === 'many') return profiles.slice(1, 30).flatMap(of);
  return of(profiles.find(({ id }) => id === secondProfile), 0);
}

export function shareText(profile: Profile, entries: ProfileEntry[], local: boolean): SharedText {
  const packages = entries.map(({ source, id, version, wished, enabled }) => ({ enabled, id, sha256: hexFrom(id), source, version, wished }));
  const signed = { _type: 'muster-profile', format: 1, game: profile.game, name: profile.name, packages, version: 1, written: iso(now) };
  return { text: `${JSON.stringify({ signatures: [], signed }, null, 1)}\n`, packages: packages.length, left_out: local ? ['My own signs', 'Test island lamps'] : [] };
}
