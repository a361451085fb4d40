/** Features of a package that is in a profile: chosen, looked at, then agreed to. */
import { emptyChange, type ChangeRequest, type ChooseFeature, type Feature, type PackageKey, type PlanPreview } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { SvelteMap } from 'svelte/reactivity';
import { attempt } from './actions';
import { api } from './bridge';
import { Resource } from './resource.svelte';

export interface FeaturesOf extends PackageKey {
  profile: string;
  title: string;
}

/** The choices that change something of what is there: who switches a feature and switches it back asks for nothing. */
export function differing(target: PackageKey, features: readonly Feature[], wanted: ReadonlyMap<string, boolean>): ChooseFeature[] {
  const changed = features.filter(({ id, on }) => (wanted.get(id) ?? on) !== on);
  return changed.map(({ id, on }) => ({ source: target.source, id: target.id, feature: id, on: !on }));
}

export class FeaturesState {
  /** What the player ticked and unticked, by feature. */
  wanted = new SvelteMap<string, boolean>();
  /** What is looked at before it is agreed to. */
  asked = $state.raw<FeaturesOf | undefined>(undefined);
  busy = $state(false);
  plan = new Resource<PlanPreview>();
  #features: readonly Feature[] = [];

  isOn(feature: Feature): boolean {
    return this.wanted.get(feature.id) ?? feature.on;
  }

  /** Whether something else is ticked than is there. */
  differs(features: readonly Feature[]): boolean {
    return features.some((feature) => this.isOn(feature) !== feature.on);
  }

  ask(asked: FeaturesOf, features: readonly Feature[]): void {
    this.asked = asked;
    this.#features = features;
    this.plan.clear();
    this.look();
  }

  look(): void {
    const request = this.#request();
    if (request !== undefined) void this.plan.load((signal) => api().call('plan', { body: request }, signal));
  }

  close(): void {
    this.asked = undefined;
    this.plan.clear();
  }

  forget(): void {
    this.wanted.clear();
    this.close();
  }

  async agree(): Promise<void> {
    const [request, plan] = [this.#request(), this.plan.data];
    if (request === undefined || plan === undefined || this.busy) return;
    this.busy = true;
    const body = { ...request, agreed: plan.digest };
    const changed = await attempt(() => api().call('change', { body }), t('features-done', { title: this.asked?.title ?? '' }));
    this.busy = false;
    if (changed !== undefined) this.forget();
  }

  #request(): ChangeRequest | undefined {
    const { asked } = this;
    return asked === undefined ? undefined : { ...emptyChange, profile: asked.profile, features: differing(asked, this.#features, this.wanted) };
  }
}
