/** Lobbies: what an invitation plays with, joining and leaving, and the one that is open here. */
import { toApiError, type HostLobby, type LobbyOffer, type LobbyOptional, type LobbyPlayer, type LobbyRequest, type PackageKey } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problems';
import { Resource } from './resource.svelte';

/** Hours for which a lobby can be opened here; the terminal takes any number. */
export const lobbyHours = [4, 12, 48, 168] as const;

export const isInvitation = (text: string): boolean => /^muster:\/\/join\//i.test(text.trim());

/** How much of what a lobby brings is here, of 1; nothing while it is not known. */
export function lobbyShare(job: { done: number; total: number } | undefined): number | undefined {
  return job === undefined || job.total <= 0 ? undefined : Math.min(1, job.done / job.total);
}

/** What is left out once one more, or one less, is. */
export function toggled(optional: LobbyOptional[], { source, id }: PackageKey): PackageKey[] {
  const isThis = (one: PackageKey): boolean => one.source === source && one.id === id;
  return optional.filter((one) => (isThis(one) ? !one.left_out : one.left_out)).map((one) => ({ source: one.source, id: one.id }));
}

/** Whether a lobby may be joined without asking: its host is allowed, and nothing in it has to be decided. */
export function comesUnasked(offer: LobbyOffer | undefined): boolean {
  return offer?.host?.allowed === true && !offer.asks && offer.plan !== undefined;
}

/** The host of a page, which is shown before it is opened. */
export function pageHost(page: string): string {
  return URL.canParse(page) ? new URL(page).host : page;
}

export type PlayerState = LobbyPlayer['step'] | 'silent';

/** What somebody is shown as: what they say, unless they have not been heard of for long. */
export function playerState({ step, silent }: Pick<LobbyPlayer, 'step' | 'silent'>): PlayerState {
  return silent && step !== 'left' ? 'silent' : step;
}

/** How much of the mods somebody has, of 1, while they arrive. */
export function playerShare(player: Pick<LobbyPlayer, 'step' | 'silent' | 'done' | 'total'>): number | undefined {
  return playerState(player) === 'bringing' ? lobbyShare(player) : undefined;
}

/** How many can play, of those who are here. */
export function readyCount(players: LobbyPlayer[]): { ready: number; all: number } {
  const states = players.map(playerState).filter((state) => state !== 'left' && state !== 'silent');
  return { ready: states.filter((state) => state === 'ready' || state === 'playing').length, all: states.length };
}

class LobbyState {
  offer = new Resource<LobbyOffer>();
  busy = $state(false);
  /** What the player is called in the lobby that is looked at. */
  name = $state<string | undefined>(undefined);
  /** Later lobbies of its host are joined without asking. */
  remember = $state(false);
  #lobby: LobbyRequest = {};

  /** Asks what the lobby plays with: the players of a link, or the ticket itself. */
  look(lobby: LobbyRequest): void {
    this.#lobby = lobby;
    this.name = undefined;
    this.remember = false;
    this.#ask();
  }

  /** Leaves an optional package out, or takes it along after all. */
  toggle(key: PackageKey): void {
    const optional = this.offer.data?.optional;
    if (optional !== undefined) this.#ask(toggled(optional, key));
  }

  #ask(without?: PackageKey[]): void {
    const body = { ...this.#lobby, ...(without !== undefined && { without }) };
    void this.offer.load((signal) => api().call('inspect-lobby', { body }, signal));
  }

  async forgetHost(key: string): Promise<void> {
    await attempt(() => api().call('forget-host', { path: { key } }), t('done-host-forgotten'));
  }

  /** Says whether the lobby is joined now. */
  async join(): Promise<boolean> {
    const offer = this.offer.data;
    if (offer?.plan === undefined || this.busy) return false;
    this.busy = true;
    const name = (this.name ?? offer.your_name).trim();
    const without = offer.optional.filter((one) => one.left_out).map(({ source, id }) => ({ source, id }));
    const body = { lobby: { ...this.#lobby, without }, digest: offer.digest, agreed: offer.plan.digest, name, remember_host: this.remember };
    const joined = await attempt(() => api().call('join-lobby', { body }), t('done-lobby-joined', { name: offer.name }));
    this.busy = false;
    return joined !== undefined;
  }

  async leave(): Promise<void> {
    await attempt(() => api().call('leave-lobby'));
  }

  /** Gives whether it is open. */
  async host(body: HostLobby): Promise<boolean> {
    this.busy = true;
    try {
      live.lobbies = { ...live.lobbies, hosted: await api().call('host-lobby', { body }) };
      return true;
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
      return false;
    } finally {
      this.busy = false;
    }
  }

  async close(): Promise<void> {
    await attempt(() => api().call('close-lobby'), t('done-lobby-closed'));
  }

  forget(): void {
    this.offer.clear();
  }
}

export const lobbyState = new LobbyState();
