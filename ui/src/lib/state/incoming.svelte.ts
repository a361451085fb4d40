/** What somebody was sent: a file, an address, the text of a profile. Looked at first; nothing is applied without consent. */
import { emptyChange, toApiError, type ChangeRequest, type Followed, type Incoming, type IncomingFrom, type PackOffer, type PlanPreview, type Problem, type SharedOffer, type Wish } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt, change } from './actions';
import { api } from './bridge';
import { createProfile, freeName } from './lifecycle';
import { live } from './live.svelte';
import { place } from './place.svelte';
import { Resource } from './resource.svelte';
import { shell } from './shell.svelte';

/** Longest text that is taken for a profile, in characters; larger ones come as files. */
const longest = 900_000;

export type Kind = 'link' | 'address' | 'text' | 'code';

/** What a pasted text is; nothing where it is none of these. */
export function kindOf(text: string): Kind | undefined {
  if (/^muster:\/\/\S+$/i.test(text)) return 'link';
  if (/^https:\/\/[^\s]+$/i.test(text)) return 'address';
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return 'code';
  return text.startsWith('{') && text.length <= longest ? 'text' : undefined;
}

export type Found =
  | { kind: 'shared'; offer: SharedOffer }
  /** Of a lobby: looked at and joined like one that came by a link. */
  | { kind: 'ticket'; ticket: string }
  | { kind: 'file'; wish: Wish; plan: PlanPreview }
  /** Looked at; what it holds itself is not here yet. */
  | { kind: 'pack'; offer: PackOffer }
  /** Everything of it is here, in no profile yet. */
  | { kind: 'taken'; offer: PackOffer; request: ChangeRequest; plan: PlanPreview | undefined };

/** Files and addresses that are followed later need somebody who vouches for the next version. */
export const canFollow = (from: IncomingFrom, { owners }: Pick<SharedOffer, 'owners'>): boolean => from.what !== 'text' && owners.some(({ signed }) => signed);

const gameOf = (profile: string | undefined): string | undefined => live.profiles.find(({ id }) => id === profile)?.game;

class IncomingState {
  found = new Resource<Found>();
  /** The profile that it is for. */
  profile = $state<string | undefined>(undefined);
  keepOthers = $state(true);
  follow = $state(false);
  /** A window of the desktop is open, or something is being applied. */
  busy = $state(false);
  /** What was pasted is nothing that Muster takes. */
  refused = $state(false);
  problem = $state.raw<Problem | undefined>(undefined);

  plan = $derived.by((): PlanPreview | undefined => {
    const { data } = this.found;
    if (data === undefined || data.kind === 'ticket') return undefined;
    return data.kind === 'shared' || data.kind === 'pack' ? data.offer.plan : data.plan;
  });
  /** A shared profile or a pack for a game that has no profile here yet. */
  otherGame = $derived.by((): string | undefined => {
    const { data } = this.found;
    return data === undefined || data.kind === 'file' || data.kind === 'ticket' || gameOf(this.profile) === data.offer.game ? undefined : data.offer.game;
  });
  blocked = $derived(this.plan?.notices.some(({ blocking }) => blocking) === true);

  /** Takes a pasted text; false where it is nothing of that kind, or where the player said no outside of the page. */
  async take(pasted: string): Promise<boolean> {
    const text = pasted.trim();
    const kind = kindOf(text);
    this.refused = kind === undefined;
    this.problem = undefined;
    if (kind === 'link') shell.openLink?.(text);
    else if (kind === 'text') this.open({ what: 'text', text }, t('take-pasted'));
    else if (kind === 'code') this.open({ what: 'code', code: text }, text);
    else if (kind === 'address') return this.#ask(() => api().agreeToAddress(text));
    return kind !== undefined;
  }

  async choose(): Promise<void> {
    await this.#ask(() => api().chooseFile());
  }

  /** Shows what it is and what it would change. */
  open(from: IncomingFrom, name: string, profile = place.profile?.id): void {
    this.profile = profile;
    shell.incoming = { from, name };
  }

  /** The newest version of what a profile follows; whether its other mods stay was said when it began. */
  openFollowed({ profile, address, keep_others }: Followed): void {
    this.keepOthers = keep_others;
    this.open({ what: 'followed' }, address, profile);
  }

  close(): void {
    shell.incoming = undefined;
    this.found.clear();
    Object.assign(this, { keepOthers: true, follow: false });
  }

  look(): void {
    const from = shell.incoming?.from;
    const { profile, keepOthers } = this;
    if (from === undefined || profile === undefined) return;
    void this.found.load(async (signal): Promise<Found> => {
      const found: Incoming = await api().lookAt(from, profile, keepOthers);
      signal.throwIfAborted();
      if (found.kind === 'ticket') return found;
      if (found.kind === 'shared' || found.kind === 'pack') return this.#fitting(found, from, signal);
      const plan = await api().call('plan', { body: { ...emptyChange, profile, install: [found.wish] } }, signal);
      return { ...found, plan };
    });
  }

  /** Only what was sent says which game it is for: a profile of that game is meant, where there is one. */
  async #fitting(found: Exclude<Incoming, { kind: 'file' | 'ticket' }>, from: IncomingFrom, signal: AbortSignal): Promise<Found> {
    const other = gameOf(this.profile) === found.offer.game ? undefined : live.profiles.find(({ game }) => game === found.offer.game);
    if (other === undefined) return found;
    this.profile = other.id;
    const again = await api().lookAt(from, other.id, this.keepOthers);
    signal.throwIfAborted();
    return again.kind === 'file' || again.kind === 'ticket' ? found : again;
  }

  /** Another profile, or whether its other mods stay: another difference. */
  change(next: { profile?: string; keepOthers?: boolean }): void {
    Object.assign(this, next);
    this.look();
  }

  /** An empty profile of its own, of the same game as the one that was meant. */
  async makeProfile(wished: string): Promise<void> {
    const { data } = this.found;
    const game = data === undefined || data.kind === 'file' || data.kind === 'ticket' ? (gameOf(this.profile) ?? place.game) : data.offer.game;
    if (game === undefined) return;
    const name = freeName(wished, live.profiles.map((profile) => profile.name));
    const made = await attempt(() => createProfile({ game, name }), t('take-made-profile', { name }));
    if (made?.created !== undefined) this.change({ profile: made.created });
  }

  /** Brings what a pack holds itself; then the whole difference is known, and shown before anything is installed. */
  async takePack(): Promise<void> {
    const from = shell.incoming?.from;
    const { profile, keepOthers } = this;
    const found = this.found.data;
    if (found?.kind !== 'pack' || from === undefined || profile === undefined || this.busy) return;
    this.busy = true;
    const { offer } = found;
    await this.found.load(async (signal): Promise<Found> => {
      const request = await api().takePack(from, profile, keepOthers, offer.digest);
      signal.throwIfAborted();
      const asks = [request.install, request.remove, request.enable, request.disable].some((list) => list.length > 0);
      const plan = asks ? await api().call('plan', { body: request }, signal) : undefined;
      return { kind: 'taken', offer, request, plan };
    });
    this.busy = false;
  }

  /** Does what was shown; another difference than that is refused by the service. */
  async apply(): Promise<void> {
    const { profile, keepOthers, follow } = this;
    const found = this.found.data;
    const shown = shell.incoming;
    if (found === undefined || found.kind === 'pack' || found.kind === 'ticket' || profile === undefined || shown === undefined || this.busy) return;
    this.busy = true;
    const changed = found.kind === 'taken'
      ? await change({ ...found.request, ...(found.plan && { agreed: found.plan.digest }) }, t('take-applying', { name: found.offer.name }))
      : found.kind === 'file'
      ? await change({ profile, install: [found.wish], agreed: found.plan.digest }, t('done-installing', { title: found.plan.items[0]?.title ?? shown.name }))
      : await attempt(() => api().applyShared(shown.from, profile, { keepOthers, follow, digest: found.offer.digest, agreed: found.offer.plan?.digest }), t('take-applying', { name: found.offer.name }), { ended: t('take-applied', { name: found.offer.name }) });
    this.busy = false;
    if (changed !== undefined) this.close();
  }

  async #ask(name: () => Promise<string | null>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    try {
      const chosen = await name();
      if (chosen !== null) this.open({ what: 'chosen' }, chosen);
      return chosen !== null;
    } catch (thrown) {
      this.problem = toApiError(thrown).problem;
      return false;
    } finally {
      this.busy = false;
    }
  }
}

export const incoming = new IncomingState();
