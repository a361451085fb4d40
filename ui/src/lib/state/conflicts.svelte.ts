/** Files of a profile that several packages hold: pages of them around what is in sight, those that matter first. */
import type { FileConflict, OrderPlan, PackageKey } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { api } from './bridge';
import { live } from './live.svelte';
import { against, keyOf, moved, settled, type OrderWish } from './order';
import { Paged } from './paged.svelte';
import { profileState } from './profile.svelte';
import { Resource } from './resource.svelte';

/** What letting a package win means. */
export interface Wanted {
  order: string[];
  /** Wishes that are stronger; without any it will win. */
  against: OrderWish[];
}

class ConflictsState {
  rows = $state.raw(new Paged<FileConflict>());
  focus = $state(0);
  /** What would change if the chosen package won. */
  plan = new Resource<OrderPlan>();
  /** The file that is looked at, and who shall win there. */
  #chosen = $state.raw<{ file: string; key: string } | undefined>(undefined);
  #id: string | undefined;

  /** Asks now and whenever the profile changes, as long as somebody looks. */
  watch(profile: string): () => void {
    if (profile !== this.#id) {
      this.#id = profile;
      this.rows = new Paged();
      this.focus = 0;
      this.choose(undefined);
    }
    this.load();
    return live.watch((event) => {
      if (event.topic === 'snapshot' || (event.topic === 'profile-changed' && event.data.profile === this.#id)) this.load();
    });
  }

  load(): void {
    const profile = this.#id;
    if (profile === undefined) return;
    void this.rows.open(async (offset, limit, signal) => {
      const { total, files } = await api().call('conflicts', { path: { profile }, query: { offset, limit } }, signal);
      return { total, rows: files };
    }, true);
  }

  /** Who shall win this file, by the key of the package. */
  chosenFor(row: FileConflict): string | undefined {
    return this.#chosen?.file === fileOf(row) ? this.#chosen.key : undefined;
  }

  /** Looks at what it would mean that another package wins the file in focus. */
  choose(key: PackageKey | undefined): void {
    const row = this.rows.row(this.focus);
    this.plan.clear();
    this.#chosen = key === undefined || row === undefined ? undefined : { file: fileOf(row), key: keyOf(key) };
    const profile = this.#id;
    if (key === undefined || row === undefined || profile === undefined) return;
    const { order, against: stronger } = this.orderFor(key, row.winner);
    if (stronger.length > 0) return;
    const known = new Map(profileState.order.answer.data?.packages.map((one) => [keyOf(one), one]));
    const named = order.flatMap((one) => known.get(one) ?? []).map(({ source, id }) => ({ source, id }));
    void this.plan.load((signal) => api().call('plan-order', { path: { profile }, body: { order: named } }, signal));
  }

  /** The order in which one package comes right behind another, which it then wins over. */
  orderFor(key: PackageKey, winner: PackageKey): Wanted {
    const { sequence = [], wishes } = profileState.order;
    const chosen = new Set([keyOf(key)]);
    const wanted = moved(sequence, chosen, sequence.indexOf(keyOf(winner)) + 1);
    const order = settled(wanted, wishes);
    const wins = order.indexOf(keyOf(key)) > order.indexOf(keyOf(winner));
    return { order, against: wins ? [] : against(wanted, chosen, wishes) };
  }

  /** Makes a package win; as every order it can be undone. */
  apply(key: PackageKey, winner: PackageKey): void {
    const title = profileState.titleOf(key);
    const { order } = this.orderFor(key, winner);
    this.choose(undefined);
    profileState.order.put([{ ...key, title }], order, t('done-winner', { title, winner: profileState.titleOf(winner) }));
  }
}

const fileOf = ({ place, path }: FileConflict): string => `${place} ${path}`;

export const conflictsState = new ConflictsState();