/** All profiles of a game in one list: the ones that are there, what happens to them, and the ones that can come back. */
import type { Job, Profile, RemovedProfile } from '$lib/api/api';
import { api } from './bridge';
import { isOver } from './jobs';
import { live } from './live.svelte';
import { place } from './place.svelte';
import { Resource } from './resource.svelte';

export type ProfileRow = ({ kind: 'profile' } & Profile) | ({ kind: 'removed' } & RemovedProfile);

/** Where the files of a profile are. */
export type Whereabouts = 'placed' | 'chosen' | 'not-placed' | 'removed';

export function whereabouts(row: ProfileRow): Whereabouts {
  if (row.kind === 'removed') return 'removed';
  if (row.placed === true) return 'placed';
  return row.active ? 'chosen' : 'not-placed';
}

/** The placed one first, then by name; removed ones last, the newest first. */
export function profileRows(profiles: Profile[], removed: RemovedProfile[]): ProfileRow[] {
  const rank = (profile: Profile): number => (profile.placed === true ? 0 : profile.active ? 1 : 2);
  const here = [...profiles].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const gone = removed.filter(({ id }) => !profiles.some((profile) => profile.id === id)).sort((a, b) => (a.removed < b.removed ? 1 : -1));
  return [...here.map((profile) => ({ kind: 'profile' as const, ...profile })), ...gone.map((profile) => ({ kind: 'removed' as const, ...profile }))];
}

class ProfilesState {
  removed = new Resource<RemovedProfile[]>();
  focus = $state(0);

  rows = $derived.by((): ProfileRow[] => profileRows(place.profiles, (this.removed.data ?? []).filter((one) => one.game === place.game)));

  reload(): void {
    void this.removed.load((signal) => api().call('removed-profiles', {}, signal));
  }

  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'profiles' || event.topic === 'snapshot') this.reload();
    });
  }

  /** What is being done to a profile. */
  job(id: string): Job | undefined {
    return live.jobs.find((job) => job.profile === id && !isOver(job));
  }
}

export const profilesState = new ProfilesState();
