/** A profile's packages and history; switching on and off shows at once and is taken back when the service refuses. */
import type { PackageKey, ProfileDetail, ProfileEntry, LaunchReport } from '$lib/api/api';
import { switchOn } from './actions';
import { api } from './bridge';
import { over } from './jobs';
import { live } from './live.svelte';
import { keyOf } from './order';
import { OrderState } from './order.svelte';
import { Resource } from './resource.svelte';

export const entryKey = keyOf;

/** A switch whose end was not read from the service yet. */
interface Pending {
  enabled: boolean;
}

class ProfileState {
  detail = new Resource<ProfileDetail>();
  proof = new Resource<LaunchReport>();
  order = new OrderState();
  filter = $state('');
  focus = $state(0);
  selection = $state.raw<ReadonlySet<string>>(new Set());
  #pending = $state.raw<ReadonlyMap<string, Pending>>(new Map());
  #id: string | undefined;

  /** All of them in load order; what the order does not know comes last. */
  all = $derived.by((): ProfileEntry[] => {
    const place = new Map(this.order.sequence?.map((key, index) => [key, index]));
    const at = (entry: ProfileEntry): number => place.get(entryKey(entry)) ?? place.size;
    return (this.detail.data?.entries ?? []).map((entry) => this.#shown(entry)).sort((a, b) => at(a) - at(b));
  });
  #places = $derived.by((): Map<string, number> => new Map(this.all.map((entry, index) => [entryKey(entry), index])));

  entries = $derived.by((): ProfileEntry[] => {
    const wanted = this.filter.trim().toLowerCase();
    if (wanted === '') return this.all;
    return this.all.filter((entry) => `${entry.title} ${entry.publisher}`.toLowerCase().includes(wanted));
  });

  selected = $derived.by((): ProfileEntry[] => this.entries.filter((entry) => this.selection.has(entryKey(entry))));

  show(id: string | undefined): void {
    if (id !== this.#id) {
      this.#id = id;
      for (const resource of [this.detail, this.proof]) resource.clear();
      this.selection = new Set();
      this.filter = '';
      this.focus = 0;
    }
    void this.reload();
    this.order.show(id);
  }

  async reload(): Promise<void> {
    const profile = this.#id;
    if (profile === undefined) return;
    await this.detail.load((signal) => api().call('profile', { path: { profile } }, signal));
  }

  watch(): () => void {
    return live.watch((event) => {
      const mine = event.topic === 'profile-changed' && event.data.profile === this.#id;
      if (!mine && event.topic !== 'snapshot') return;
      void this.reload();
      void this.order.reload();
    });
  }

  /** The place of an entry in the load order, from 0. */
  placeOf(entry: ProfileEntry): number {
    return this.#places.get(entryKey(entry)) ?? 0;
  }

  /** Moves entries before the one at `row` of what is shown, or to the end of it, and goes with the first of them. */
  move(chosen: ProfileEntry[], row: number): void {
    const shown = this.entries;
    const before = shown[row];
    const last = shown.at(-1);
    if (last === undefined || chosen.length === 0) return;
    this.moveTo(chosen, before === undefined ? this.placeOf(last) + 1 : this.placeOf(before));
  }

  /** Moves entries to a place of the whole order. */
  moveTo(chosen: ProfileEntry[], place: number): void {
    this.order.move(chosen, place);
    const [first] = chosen;
    const now = first === undefined ? -1 : this.entries.findIndex((entry) => entryKey(entry) === entryKey(first));
    if (now >= 0) this.focus = now;
  }

  titleOf(key: PackageKey): string {
    return this.detail.data?.entries.find((entry) => entryKey(entry) === entryKey(key))?.title ?? key.id;
  }

  isPending(entry: ProfileEntry): boolean {
    return this.#pending.has(entryKey(entry));
  }

  /** Shown at once; what is read from the service counts again when the change is over, however it ended. */
  async toggle(entries: ProfileEntry[], on: boolean): Promise<void> {
    const pending: Pending = { enabled: on };
    const keys = entries.map(entryKey);
    this.#pending = new Map([...this.#pending, ...keys.map((key) => [key, pending] as const)]);
    const changed = await switchOn(entries, on);
    if (changed?.job !== undefined) await over(changed.job);
    await this.reload();
    // What was switched again since then is still under way.
    this.#pending = new Map([...this.#pending].filter(([, one]) => one !== pending));
  }

  /** Lets the game itself say what it loads. */
  testStart(): void {
    const profile = this.#id;
    if (profile === undefined) return;
    void this.proof.load((signal) => api().call('launch', { path: { profile }, body: { prove: true } }, signal));
  }

  #shown(entry: ProfileEntry): ProfileEntry {
    const pending = this.#pending.get(entryKey(entry));
    return pending === undefined ? entry : { ...entry, enabled: pending.enabled };
  }
}

export const profileState = new ProfileState();
