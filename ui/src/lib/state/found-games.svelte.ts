/**
 * Games that were found since this window looked last, and sources that fit them: said once for each game, in the message slot
 * and the activity. Games that are here when a window looks for the first time are the first screen's.
 */
import type { Preset } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { router } from '$lib/router/router.svelte';
import { api } from './bridge';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { presetName } from './presets.svelte';
import { shell } from './shell.svelte';

const stored = 'muster-found-games';
/** The service looks for games no more often than this (ms). */
const rest = 60_000;
/** Sources that a sentence names. */
const few = 3;

/** What is remembered of a game: that it is known, and what was said of it. */
export interface Known {
  id: string;
  said?: { title: string; sources: string; at: string };
}

export interface NewGame {
  id: string;
  title: string;
  /** Those that are offered. */
  sources: Preset[];
}

/** Games that are here and were not before; what nothing is offered for has no news. */
export function newGames(presets: readonly Preset[], known: readonly Known[]): NewGame[] {
  const found = new Map<string, NewGame>();
  for (const preset of presets) {
    for (const { id, title } of preset.games.filter((game) => game.found && !known.some((one) => one.id === game.id))) {
      const game = found.get(id) ?? { id, title, sources: [] };
      if (preset.offered) game.sources.push(preset);
      found.set(id, game);
    }
  }
  return [...found.values()];
}

/** What an earlier window wrote down; nothing where there was none, or where it cannot be read. */
export function remembered(text: string | null): Known[] | undefined {
  try {
    const read: unknown = JSON.parse(text ?? 'null');
    return Array.isArray(read) ? read.filter((one): one is Known => typeof (one as Partial<Known> | null)?.id === 'string') : undefined;
  } catch {
    return undefined;
  }
}

class FoundGames {
  known = $state.raw<Known[] | undefined>(remembered(localStorage.getItem(stored)));
  #looked = 0;

  /** Looks now, and whenever sources, profiles or the window in front change. */
  watch(): () => void {
    const look = () => void this.look();
    const returned = () => Date.now() - this.#looked > rest && look();
    const stop = live.watch((event) => ['sources', 'profiles', 'snapshot'].includes(event.topic) && look());
    window.addEventListener('focus', returned);
    look();
    return () => {
      stop();
      window.removeEventListener('focus', returned);
    };
  }

  async look(): Promise<void> {
    if (live.connection !== 'live') return;
    this.#looked = Date.now();
    try {
      this.take(await api().call('presets', {}));
    } catch {
      // The page of sources says why; the next look is soon enough.
    }
  }

  take(presets: readonly Preset[]): void {
    const first = this.known === undefined;
    const games = newGames(presets, this.known ?? []);
    if (games.length === 0 && !first) return;
    const said = first ? [] : games.filter(({ sources }) => sources.length > 0);
    const at = new Date().toISOString();
    const names = ({ sources }: NewGame): string => sources.slice(0, few).map(presetName).join(', ');
    const more = games.map((game): Known => ({ id: game.id, ...(said.includes(game) && { said: { title: game.title, sources: names(game), at } }) }));
    this.known = [...(this.known ?? []), ...more];
    localStorage.setItem(stored, JSON.stringify(this.known));
    for (const game of said) notices.say(t('found-game', { game: game.title, sources: names(game) }), undefined, { label: t('found-game-see'), run: seeSources });
  }
}

/** To what is offered for games that are here. */
function seeSources(): void {
  shell.landing = 'presets-title';
  router.go({ name: 'sources' });
}

export const foundGames = new FoundGames();
