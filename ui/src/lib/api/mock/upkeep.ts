/** How profiles of the mock world are kept up to date. */
import type { Profile, ProfileEntry, Upkeep, UpkeepPatch } from '../api';
import { iso, now } from './world';

const day = 86_400_000;

export class MockUpkeep {
  private readonly policies = new Map<string, Upkeep['policy']>();
  private readonly subscriptions = new Map<string, Upkeep['subscriptions']>();

  /** What waits and what is here, as the service tells it. */
  all(profiles: Profile[], entriesOf: (profile: string) => ProfileEntry[]): Upkeep[] {
    return profiles.map((profile) => {
      const policy = this.policies.get(profile.id) ?? 'off';
      const subscriptions = this.subscriptions.get(profile.id) ?? [];
      const is = ({ source, id }: ProfileEntry): boolean => subscriptions.some((one) => one.source === source && one.id === id);
      const found = entriesOf(profile.id).filter((entry) => entry.update !== undefined && entry.held === undefined && (policy !== 'off' || is(entry)));
      return {
        profile: profile.id, profile_name: profile.name, policy, subscriptions, reasons: [],
        items: found.map(({ source, id, title, version, update }, index) => ({ source, id, title, from: version, to: update ?? '', ...(index % 2 === 0 ? { state: 'waits' as const, until: iso(now + day) } : { state: 'ready' as const }) })),
        ...((policy !== 'off' || subscriptions.length > 0) && { checked: iso(now - 60_000) }),
      };
    });
  }

  change(profile: string, patch: UpkeepPatch, entries: ProfileEntry[]): void {
    for (const { source, id, version } of patch.skip ?? []) {
      const entry = entries.find((one) => one.source === source && one.id === id);
      if (entry === undefined) continue;
      const newest = entry.update ?? entry.skipped;
      delete entry.update;
      delete entry.skipped;
      if (newest !== undefined) Object.assign(entry, newest === version ? { skipped: newest } : { update: newest });
    }
    if (patch.policy !== undefined) this.policies.set(profile, patch.policy);
    for (const { source, id, policy } of patch.subscribe ?? []) {
      const others = (this.subscriptions.get(profile) ?? []).filter((one) => one.source !== source || one.id !== id);
      const entry = entries.find((one) => one.source === source && one.id === id);
      this.subscriptions.set(profile, policy === 'off' ? others : [...others, { source, id, policy, title: entry?.title ?? id, installed: entry !== undefined }]);
    }
  }
}
