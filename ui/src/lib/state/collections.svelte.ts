/** Collections: those of the profile, those that sources offer, and one of them with what it would change. */
import type { Changed, Collection, CollectionAim, CollectionMember, CollectionOffer, PackageKey, PackageRow } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import type { CollectionView } from '$lib/router/routes';
import { attempt } from './actions';
import { api } from './bridge';
import { nothingChosen, toggled, workFor, type Choice } from './collections';
import { isOver } from './jobs';
import { createProfile, freeName } from './lifecycle';
import { live } from './live.svelte';
import { Paged } from './paged.svelte';
import { place } from './place.svelte';
import { Resource } from './resource.svelte';

type Event = Parameters<Parameters<typeof live.watch>[0]>[0];

function isNews(event: Event): boolean {
  return event.topic === 'catalog' || event.topic === 'profile-changed' || event.topic === 'snapshot' || (event.topic === 'job' && isOver(event.data));
}

class CollectionsState {
  mine = new Resource<Collection[]>();
  offered = $state.raw(new Paged<PackageRow>());
  focus = $state(0);
  #shown = '';

  show(view: CollectionView): void {
    const profile = place.profile?.id;
    const shown = `${view} ${profile} ${place.game}`;
    const same = shown === this.#shown;
    this.#shown = shown;
    if (!same) {
      this.focus = 0;
      this.mine.clear();
      this.offered = new Paged();
    }
    if (view !== 'here') {
      const request = { q: view === 'packs' ? 'kind:modpack' : 'kind:collection', sort: 'relevance' as const, ...(profile !== undefined && { profile }) };
      void this.offered.open((offset, limit, signal) => api().call('search', { query: { ...request, offset, limit } }, signal), same);
    } else if (profile !== undefined) {
      void this.mine.load((signal) => api().call('collections', { path: { profile } }, signal));
    }
  }

  watch(reload: () => void): () => void {
    return live.watch((event) => isNews(event) && reload());
  }
}

export const collectionsState = new CollectionsState();

/** One collection in a profile. Nothing is done before its difference was shown and agreed to. */
export class CollectionState {
  offer = new Resource<CollectionOffer>();
  /** What the sheet shows, which may be about another profile, or about leaving. */
  sheet = new Resource<CollectionOffer>();
  profile = $state<string | undefined>(undefined);
  aim = $state<CollectionAim | undefined>(undefined);
  choice = $state.raw<Choice>(nothingChosen);
  busy = $state(false);
  #key: PackageKey | undefined;

  job = $derived.by(() => (this.#key === undefined ? undefined : workFor(live.jobs, this.#key, place.profile?.id)));

  show(key: PackageKey): void {
    if (key.source !== this.#key?.source || key.id !== this.#key.id) {
      this.offer.clear();
      this.close();
      this.choice = nothingChosen;
    }
    this.#key = key;
    this.reload();
  }

  reload(): void {
    const profile = place.profile?.id;
    if (profile === undefined) return;
    void this.offer.load((signal) => this.#ask(profile, 'have', signal));
    if (this.aim !== undefined) this.look();
  }

  watch(): () => void {
    return live.watch((event) => isNews(event) && this.reload());
  }

  choose(member: CollectionMember): void {
    this.choice = toggled(this.choice, member);
    this.reload();
  }

  /** Shows what would change, before anything does. */
  open(aim: CollectionAim): void {
    this.profile = place.profile?.id;
    this.aim = aim;
    this.look();
  }

  look(): void {
    const { profile, aim } = this;
    if (profile !== undefined && aim !== undefined) void this.sheet.load((signal) => this.#ask(profile, aim, signal));
  }

  change(next: { profile?: string; aim?: CollectionAim }): void {
    Object.assign(this, next);
    this.look();
  }

  close(): void {
    this.aim = undefined;
    this.sheet.clear();
  }

  /** An empty profile of its own, in which the collection can be. */
  async makeProfile(wished: string): Promise<void> {
    const { game } = place;
    if (game === undefined) return;
    const name = freeName(wished, live.profiles.map((profile) => profile.name));
    const made = await attempt(() => createProfile({ game, name }), t('take-made-profile', { name }));
    if (made?.created !== undefined) this.change({ profile: made.created });
  }

  /** Does what was shown; another difference than that is refused by the service. */
  async agree(): Promise<void> {
    const { profile, aim } = this;
    const { data } = this.sheet;
    if (data?.plan === undefined || profile === undefined || aim === undefined || this.busy) return;
    this.busy = true;
    const body = { ...data.change, profile, agreed: data.plan.digest };
    const [doing, ended] = aim === 'have' ? [t('collection-applying', data), t('collection-applied', data)] : [t('collection-leaving', data), t('collection-left', data)];
    const changed: Changed | undefined = await attempt(() => api().call('change', { body }), doing, { ended });
    this.busy = false;
    if (changed === undefined) return;
    this.choice = nothingChosen;
    this.close();
  }

  #ask(profile: string, aim: CollectionAim, signal: AbortSignal): Promise<CollectionOffer> {
    const collection = this.#key;
    if (collection === undefined) throw new Error('no collection is shown');
    const wanted = aim === 'have' ? { with: [...this.choice.with.values()], without: [...this.choice.without.values()] } : {};
    return api().call('inspect-collection', { body: { profile, collection: { ...collection }, aim, ...wanted } }, signal);
  }
}
