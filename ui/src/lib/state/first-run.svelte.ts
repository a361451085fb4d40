/** The first screen: which games, where their mods come from, one answer about sharing. Nothing is done before the player starts. */
import { toApiError, type GameDetail, type Problem, type Sharing, type SourceOffer } from '$lib/api/api';
import { api } from './bridge';
import { freeName } from './lifecycle';
import { live } from './live.svelte';
import { place } from './place.svelte';
import { Resource } from './resource.svelte';
import { markWelcomed } from './welcome';

/** A source that the definitions of games name. */
export interface Preset {
  /** As `add-source` takes it. */
  address: string;
  /** Titles of the games that it has mods for. */
  games: string[];
  /** Taken where the player says nothing: a game needs one source to begin with, the others can come later. */
  taken: boolean;
}

export interface OfferedSource extends Preset {
  kind: string;
  /** It is there already. */
  known: boolean;
}

export function presets(games: Pick<GameDetail, 'title' | 'sources'>[]): Preset[] {
  const found = new Map<string, Preset>();
  for (const { title, sources } of games) {
    for (const [index, address] of sources.entries()) {
      const before = found.get(address) ?? { address, games: [], taken: false };
      found.set(address, { address, games: [...before.games, title], taken: before.taken || index === 0 });
    }
  }
  return [...found.values()];
}

class FirstRun {
  /** Games that were found on this machine. */
  games = new Resource<GameDetail[]>();
  sharing = $state<Exclude<Sharing, 'unset'> | undefined>(undefined);
  busy = $state(false);
  /** Addresses of sources that could not be added, and why. */
  failed = $state.raw<Record<string, Problem>>({});
  #left = $state.raw<string[]>([]);
  #said = $state.raw<Record<string, boolean>>({});
  #kinds = $state.raw<Record<string, SourceOffer>>({});

  chosen = $derived.by((): GameDetail[] => (this.games.data ?? []).filter(({ id }) => !this.#left.includes(id)));

  sources = $derived.by((): OfferedSource[] =>
    presets(this.chosen).map((preset) => {
      const offer = this.#kinds[preset.address];
      const known = offer?.known === true || live.sources.some(({ address }) => address === (offer?.address ?? preset.address));
      return { ...preset, taken: this.#said[preset.address] ?? preset.taken, kind: offer?.kind ?? preset.address.split(':')[0] ?? '', known };
    }),
  );

  load(): void {
    void this.games.load(async (signal) => {
      const found = (await api().call('games', {}, signal)).filter(({ installations }) => installations.length > 0);
      const games = await Promise.all(found.map(({ id }) => api().call('game', { path: { game: id } }, signal)));
      void this.#name(presets(games), signal);
      return games;
    });
  }

  /** Asks what each address is and whether it is there already; no service is reached for that. */
  async #name(found: Preset[], signal: AbortSignal): Promise<void> {
    const asked = found.map(async ({ address }) => [address, await api().call('inspect-source', { body: { address } }, signal)] as const);
    const answers = await Promise.allSettled(asked);
    this.#kinds = Object.fromEntries(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])));
  }

  isChosen(game: string): boolean {
    return !this.#left.includes(game);
  }

  choose(game: string, chosen: boolean): void {
    this.#left = chosen ? this.#left.filter((id) => id !== game) : [...this.#left, game];
  }

  take(address: string, taken: boolean): void {
    this.#said = { ...this.#said, [address]: taken };
  }

  /** Carries out what was chosen; gives the game to begin with. Stays, with what is left to do, where a source failed. */
  async start(): Promise<{ game: string | undefined } | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.failed = {};
    try {
      if (this.sharing !== undefined) await api().call('patch-settings', { body: { sharing: this.sharing } });
      for (const { id, title } of this.chosen) await this.#ensureProfile(id, title);
      for (const { address } of this.sources.filter(({ taken, known }) => taken && !known)) await this.#add(address);
      await this.#turnDown();
    } catch (thrown) {
      this.failed = { ...this.failed, '': toApiError(thrown).problem };
    }
    this.busy = false;
    if (Object.keys(this.failed).length > 0) return undefined;
    return { game: this.leave() };
  }

  /** Ends the first screen; gives the game to begin with: one that there are mods for, where there is one. */
  leave(): string | undefined {
    markWelcomed();
    const has = new Set(this.sources.filter(({ taken, known }) => taken || known).map(({ address }) => address));
    const begin = this.chosen.find(({ sources }) => sources.some((address) => has.has(address))) ?? this.chosen[0];
    return begin?.id ?? place.game;
  }

  /** What would have been taken and was left out on purpose is not offered again by itself. */
  async #turnDown(): Promise<void> {
    const left = this.sources.filter(({ address, known }) => !known && this.#said[address] === false).map(({ address }) => address);
    for (const id of left) await api().call('decide-preset', { body: { id, declined: true } });
  }

  async #add(address: string): Promise<void> {
    try {
      await api().call('add-source', { body: { address } });
      this.#kinds = { ...this.#kinds, [address]: { address, kind: address, test_keys: false, ...this.#kinds[address], known: true } };
    } catch (thrown) {
      this.failed = { ...this.failed, [address]: toApiError(thrown).problem };
    }
  }

  /** The service makes one for every game that it finds when it starts; a game that came later has none yet. */
  async #ensureProfile(game: string, title: string): Promise<void> {
    if (live.profiles.some((profile) => profile.game === game)) return;
    await api().call('create-profile', { body: { game, name: freeName(title, live.profiles.map(({ name }) => name)) } });
  }
}

export const firstRun = new FirstRun();
