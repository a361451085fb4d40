/** Taking over mods that are there already: what is meant, the preview of it, and doing it. */
import { toApiError, type AdoptedMod, type AdoptionChoice, type AdoptionPlan, type Changed, type ManagedProfile } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { notices } from './notices.svelte';
import { problemText } from './problems';
import { Resource } from './resource.svelte';

/** How sure it is what a mod is. */
export type Known = 'archive' | 'listed' | 'manifest';

export function knownBy(mod: AdoptedMod): Known {
  if (mod.package !== undefined) return 'archive';
  return mod.known_as === undefined ? 'manifest' : 'listed';
}

export const isSame = (a: AdoptionChoice | undefined, b: AdoptionChoice): boolean =>
  a?.what === b.what && (a.what !== 'managed' || b.what !== 'managed' || a.path === b.path);

/** Profiles of this game, and how many there are of each other one. */
export function sorted(found: ManagedProfile[], game: string | undefined): { here: ManagedProfile[]; elsewhere: { id: string; title: string; count: number }[] } {
  const others = new Map<string, { id: string; title: string; count: number }>();
  for (const { game: id, game_title: title } of found.filter((one) => one.game !== game)) {
    others.set(id, { id, title, count: (others.get(id)?.count ?? 0) + 1 });
  }
  return { here: found.filter((one) => one.game === game), elsewhere: [...others.values()].sort((a, b) => a.title.localeCompare(b.title)) };
}

class AdoptState {
  found = new Resource<ManagedProfile[]>();
  plan = new Resource<AdoptionPlan>();
  choice = $state.raw<AdoptionChoice | undefined>(undefined);
  /** The folder that the player chose, for the eyes only. */
  folder = $state<string | undefined>(undefined);
  busy = $state(false);
  #profile: string | undefined;

  /** Looks for profiles of other managers; forgets what was chosen for another profile. */
  show(profile: string | undefined): void {
    if (profile !== this.#profile) {
      this.#profile = profile;
      this.choice = undefined;
      this.plan.clear();
    }
    void this.found.load((signal) => api().call('managed-profiles', {}, signal));
  }

  pick(choice: AdoptionChoice): void {
    if (!isSame(this.choice, choice)) this.plan.clear();
    this.choice = choice;
    this.look();
  }

  look(): void {
    const [choice, profile] = [this.choice, this.#profile];
    if (choice !== undefined) void this.plan.load(() => api().planAdoption(choice, profile));
  }

  async choose(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const path = await api().chooseAdoption();
      if (path !== null) {
        this.folder = path;
        this.plan.clear();
        this.pick({ what: 'chosen' });
      }
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
    } finally {
      this.busy = false;
    }
  }

  /** Takes over what is shown; the change and its way back are said in the slot. */
  async adopt(): Promise<Changed | undefined> {
    const [choice, plan, profile] = [this.choice, this.plan.data, this.#profile];
    if (choice === undefined || plan === undefined || this.busy) return undefined;
    this.busy = true;
    const count = plan.adopted.length;
    const changed = await attempt(() => api().adopt(choice, profile, plan.digest), t('done-adopting', { count }), { ended: t('done-adopted', { count }) });
    this.busy = false;
    if (changed !== undefined) {
      this.choice = undefined;
      this.plan.clear();
    }
    return changed;
  }
}

export const adoptState = new AdoptState();
