/** A profile's packages and history; switching on and off shows at once and is taken back when the service refuses. */
import type { Conflicts, PackageKey, ProfileDetail, ProfileEntry, LaunchReport } from '$lib/api/api';
import { switchOn } from './actions';
import { api } from './bridge';
import { live } from './live.svelte';
import { Resource } from './resource.svelte';

export const entryKey = ({ source, id }: PackageKey): string => `${source} ${id}`;

/** A switch that the service has not confirmed yet. */
interface Pending {
  enabled: boolean;
  /** The change that confirms it, once known. */
  change?: number;
}

class ProfileState {
  detail = new Resource<ProfileDetail>();
  proof = new Resource<LaunchReport>();
  conflicts = new Resource<Conflicts>();
  conflictFocus = $state(0);
  filter = $state('');
  focus = $state(0);
  selection = $state.raw<ReadonlySet<string>>(new Set());
  #pending = $state.raw<ReadonlyMap<string, Pending>>(new Map());
  #id: string | undefined;

  entries = $derived.by((): ProfileEntry[] => {
    const wanted = this.filter.trim().toLowerCase();
    const all = (this.detail.data?.entries ?? []).map((entry) => this.#shown(entry));
    if (wanted === '') return all;
    return all.filter((entry) => `${entry.title} ${entry.publisher}`.toLowerCase().includes(wanted));
  });

  selected = $derived.by((): ProfileEntry[] => this.entries.filter((entry) => this.selection.has(entryKey(entry))));

  show(id: string | undefined): void {
    if (id !== this.#id) {
      this.#id = id;
      for (const resource of [this.detail, this.proof, this.conflicts]) resource.clear();
      this.selection = new Set();
      this.filter = '';
      this.focus = 0;
      this.conflictFocus = 0;
    }
    this.reload();
  }

  reload(): void {
    const profile = this.#id;
    if (profile === undefined) return;
    void this.detail.load((signal) => api().call('profile', { path: { profile } }, signal));
  }

  watch(): () => void {
    return live.watch((event) => {
      const mine = event.topic === 'profile-changed' && event.data.profile === this.#id;
      if (mine || event.topic === 'snapshot') {
        const kept = [...this.#pending].filter(([, pending]) => (pending.change ?? Infinity) > event.change);
        void this.#reloadThen(() => (this.#pending = new Map(kept)));
      }
    });
  }

  loadConflicts(): void {
    const profile = this.#id;
    if (profile !== undefined) void this.conflicts.load((signal) => api().call('conflicts', { path: { profile } }, signal));
  }

  /** Asks now and whenever the profile changes, as long as somebody looks. */
  watchConflicts(): () => void {
    this.loadConflicts();
    return live.watch((event) => {
      if (event.topic === 'snapshot' || (event.topic === 'profile-changed' && event.data.profile === this.#id)) this.loadConflicts();
    });
  }

  titleOf(key: PackageKey): string {
    return this.detail.data?.entries.find((entry) => entryKey(entry) === entryKey(key))?.title ?? key.id;
  }

  isPending(entry: ProfileEntry): boolean {
    return this.#pending.has(entryKey(entry));
  }

  async toggle(entries: ProfileEntry[], on: boolean): Promise<void> {
    const keys = entries.map(entryKey);
    this.#setPending(keys, { enabled: on });
    const changed = await switchOn(entries, on);
    if (changed === undefined) this.#setPending(keys, undefined);
    else this.#setPending(keys, { enabled: on, change: changed.change });
  }

  /** Lets the game itself say what it loads. */
  testStart(): void {
    const profile = this.#id;
    if (profile === undefined) return;
    void this.proof.load((signal) => api().call('launch', { path: { profile }, body: { prove: true } }, signal));
  }

  async #reloadThen(then: () => void): Promise<void> {
    const profile = this.#id;
    if (profile === undefined) return;
    await this.detail.load((signal) => api().call('profile', { path: { profile } }, signal));
    then();
  }

  #setPending(keys: string[], pending: Pending | undefined): void {
    const next = new Map(this.#pending);
    for (const key of keys) {
      if (pending === undefined) next.delete(key);
      else next.set(key, pending);
    }
    this.#pending = next;
  }

  #shown(entry: ProfileEntry): ProfileEntry {
    const pending = this.#pending.get(entryKey(entry));
    return pending === undefined ? entry : { ...entry, enabled: pending.enabled };
  }
}

export const profileState = new ProfileState();
