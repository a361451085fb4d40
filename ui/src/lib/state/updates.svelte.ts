/** The updates of a profile: looked at together, chosen one by one, then made in one step. */
import { emptyChange, type PackageKey, type PlanItem, type PlanPreview, type ProfileEntry } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { keyOf } from './order';
import { Resource } from './resource.svelte';

export interface Sorted {
  /** What can be updated. */
  offered: ProfileEntry[];
  /** What the player holds though there is something newer. */
  held: ProfileEntry[];
  /** What has a newer version that the player does not want. */
  skipped: ProfileEntry[];
}

export function sorted(entries: ProfileEntry[]): Sorted {
  return {
    offered: entries.filter((entry) => entry.update !== undefined && entry.held === undefined),
    held: entries.filter((entry) => entry.held !== undefined && (entry.update ?? entry.skipped) !== undefined),
    skipped: entries.filter((entry) => entry.held === undefined && entry.skipped !== undefined),
  };
}

/** What a plan does besides what was chosen. */
export function alongside(items: PlanItem[], chosen: PackageKey[]): PlanItem[] {
  const keys = new Set(chosen.map(keyOf));
  return items.filter((item) => !keys.has(keyOf(item)));
}

const plain = ({ source, id }: PackageKey): PackageKey => ({ source, id });

/** What one sheet shows and chooses. */
export class UpdateChoice {
  plan = new Resource<PlanPreview>();
  busy = $state(false);
  /** Keys that are not chosen: what appears meanwhile is. */
  #out = $state.raw<ReadonlySet<string>>(new Set());
  /** Bytes to download, by key and version, from all plans so far: a row keeps its size when it is not chosen. */
  #costs = $state.raw<ReadonlyMap<string, number>>(new Map());
  readonly #profile: string;

  constructor(profile: string) {
    this.#profile = profile;
  }

  isChosen(entry: ProfileEntry): boolean {
    return !this.#out.has(keyOf(entry));
  }

  chosen(offered: ProfileEntry[]): ProfileEntry[] {
    return offered.filter((entry) => this.isChosen(entry));
  }

  choose(entries: ProfileEntry[], wanted: boolean): void {
    const out = new Set(this.#out);
    for (const entry of entries) {
      if (wanted) out.delete(keyOf(entry));
      else out.add(keyOf(entry));
    }
    this.#out = out;
  }

  /** What the plan does with a package; nothing where the rest of the profile keeps it where it is. */
  itemOf(entry: ProfileEntry): PlanItem | undefined {
    return this.plan.data?.items.find((item) => keyOf(item) === keyOf(entry));
  }

  costOf(entry: ProfileEntry): number | undefined {
    return this.#costs.get(`${keyOf(entry)} ${entry.update}`);
  }

  async look(chosen: ProfileEntry[]): Promise<void> {
    if (chosen.length === 0) {
      this.plan.clear();
      return;
    }
    const body = { ...emptyChange, profile: this.#profile, update: chosen.map(plain) };
    await this.plan.load((signal) => api().call('plan', { body }, signal));
    const found = (this.plan.data?.items ?? []).map((item): [string, number] => [`${keyOf(item)} ${item.to}`, item.size - item.here]);
    this.#costs = new Map([...this.#costs, ...found]);
  }

  /** Makes what was shown; another outcome than that is refused by the service. Whether it began. */
  async agree(chosen: ProfileEntry[]): Promise<boolean> {
    const { data } = this.plan;
    if (data === undefined || this.busy) return false;
    this.busy = true;
    const body = { ...emptyChange, profile: this.#profile, update: chosen.map(plain), agreed: data.digest };
    const said = t('done-updating', { title: chosen[0]?.title ?? '', count: chosen.length });
    const changed = await attempt(() => api().call('change', { body }), said);
    this.busy = false;
    return changed !== undefined;
  }

  /** Offers a version no more, or again. */
  async skip(entry: ProfileEntry, version: string | undefined): Promise<void> {
    const call = (wanted: string | undefined) => {
      const skip = [{ ...plain(entry), ...(wanted !== undefined && { version: wanted }) }];
      return api().call('set-upkeep', { path: { profile: this.#profile }, body: { skip } });
    };
    const { title } = entry;
    const said = version === undefined ? t('done-unskipped', { title }) : t('done-skipped', { title, version });
    await attempt(() => call(version), said, { back: () => call(version === undefined ? entry.skipped : undefined) });
  }
}
