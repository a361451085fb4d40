/** One package in relation to the current profile: its details, and what installing it would do. */
import { emptyChange, type ChangeRequest, type ChooseFeature, type PackageDetail, type PackageKey, type ProfileEntry, type PackageRow, type PackageState, type PlanPreview } from '$lib/api/api';
import type { Named } from './actions';
import { api } from './bridge';
import { chosenAlso, isSame } from './features';
import { live } from './live.svelte';
import { place } from './place.svelte';
import { Resource } from './resource.svelte';

const settle = 90;

export class PackageView {
  detail = new Resource<PackageDetail>();
  plan = new Resource<PlanPreview>();
  /** The package in the current profile, where it is in it; looked up for a page only. */
  entry = new Resource<ProfileEntry | undefined>();
  /** The version the player chose; none means the newest that fits. */
  version = $state<string | undefined>(undefined);
  /** Features chosen before it is installed, and what shall come along with it. */
  features = $state.raw<ChooseFeature[]>([]);
  along = $state.raw<Named[]>([]);
  #key: PackageKey | undefined;
  /** What is known of it before its details are here. */
  #status: PackageState | undefined;
  #page = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows a package. With a row at hand the details wait until the focus rests. */
  show(key: (PackageKey & Partial<Pick<PackageRow, 'status'>>) | undefined, later: boolean): void {
    clearTimeout(this.#timer);
    this.#page = !later;
    const other = key?.source !== this.#key?.source || key?.id !== this.#key?.id;
    this.#key = key === undefined ? undefined : { source: key.source, id: key.id };
    if (other) {
      this.detail.clear();
      this.plan.clear();
      this.entry.clear();
      this.version = undefined;
      this.features = [];
      this.along = [];
    }
    this.#status = key?.status;
    if (key === undefined) return;
    if (later) this.#timer = setTimeout(() => this.reload(), settle);
    else this.reload();
  }

  choose(version: string): void {
    this.version = version;
    this.#loadPlan();
  }

  /** Wants a feature or does without it. */
  want(choice: ChooseFeature): void {
    this.features = chosenAlso(this.features, choice);
    this.#loadPlan();
  }

  /** Takes something along that goes well with it, or leaves it. */
  take(target: Named, taken: boolean): void {
    const rest = this.along.filter((one) => !isSame(one, target));
    this.along = taken ? [...rest, target] : rest;
    this.#loadPlan();
  }

  /** What is chosen besides the package itself. */
  get besides(): Pick<ChangeRequest, 'install' | 'features'> {
    return { install: this.along.map(({ source, id }) => ({ source, id })), ...(this.features.length > 0 && { features: this.features }) };
  }

  reload(): void {
    const key = this.#key;
    if (key === undefined) return;
    const guess = this.#updates;
    const detail = this.detail.load((signal) => api().call('package', { path: { ...key } }, signal));
    void detail.then(() => {
      if (isSame(this.#key ?? key, key) && this.#updates !== guess) this.#loadPlan();
    });
    this.#loadPlan();
    const profile = place.profile?.id;
    if (!this.#page || profile === undefined) return;
    void this.entry.load(async (signal) => {
      const { entries } = await api().call('profile', { path: { profile } }, signal);
      return entries.find((entry) => entry.source === key.source && entry.id === key.id);
    });
  }

  /** Refreshes when something happened to the catalog or the profile. */
  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'catalog' || event.topic === 'profile-changed' || event.topic === 'snapshot') this.reload();
      if (event.topic === 'job' && event.data.members.some((member) => member.id === this.#key?.id)) {
        if (['waiting', 'done', 'failed', 'cancelled'].includes(event.data.phase)) this.reload();
      }
    });
  }

  /** Whether its button updates it: to wish for it once more would keep a version that was asked for by name. */
  get #updates(): boolean {
    return this.version === undefined && (this.detail.data?.status ?? this.#status)?.state === 'update';
  }

  #loadPlan(): void {
    const key = this.#key;
    const profile = place.profile?.id;
    // Nothing is installed of what another program brings.
    if (key === undefined || profile === undefined || live.sources.some(({ id, kind }) => id === key.source && kind === 'workshop')) return;
    const wish = { ...key, ...(this.version !== undefined && { range: `=${this.version}` }) };
    const { install, ...features } = this.besides;
    const request = this.#updates ? { update: [{ ...key }] } : { ...features, install: [wish, ...install] };
    void this.plan.load((signal) => api().call('plan', { body: { ...emptyChange, profile, ...request } }, signal));
  }
}

/** Signatures with which nothing can be installed. */
export function isRefused(row: Pick<PackageRow, 'signature'>): boolean {
  return ['key-changed', 'broken', 'revoked', 'removed'].includes(row.signature);
}
