/** Sources that fit the player's games: offered until they are there or turned down. Nobody is asked before one is added. */
import type { Changed, Preset } from '$lib/api/api';
import { coded, t } from '$lib/i18n/i18n.svelte';
import { addSource, attempt } from './actions';
import { api } from './bridge';
import { live } from './live.svelte';
import { Resource } from './resource.svelte';
import { partOf } from './source-names';

/** `modrinth:fabric` → `Modrinth · fabric`. */
export function presetName({ kind, id, host }: Preset): string {
  const part = host === undefined ? '' : partOf(id);
  return [coded('source-kind', kind) ?? kind, part].filter(Boolean).join(' · ');
}

/** Those of one game, or of all. */
export function ofGame(presets: readonly Preset[], game: string | undefined): Preset[] {
  return presets.filter(({ games }) => game === undefined || games.some(({ id }) => id === game));
}

class PresetsState {
  all = new Resource<Preset[]>();

  /** Reads them, and again whenever sources or games change. */
  watch(): () => void {
    this.#load();
    return live.watch((event) => {
      if (['sources', 'profiles', 'snapshot'].includes(event.topic)) this.#load();
    });
  }

  offered(game: string | undefined): Preset[] {
    return ofGame(this.all.data ?? [], game).filter(({ offered }) => offered);
  }

  /** Turned down, for games that are here. */
  declined(game: string | undefined): Preset[] {
    return ofGame(this.all.data ?? [], game).filter(({ declined, known, games }) => declined && !known && games.some(({ found }) => found));
  }

  add({ id }: Preset): Promise<Changed | undefined> {
    return addSource({ address: id });
  }

  decline(preset: Preset): Promise<Changed | undefined> {
    const call = (declined: boolean): Promise<Changed> => api().call('decide-preset', { body: { id: preset.id, declined } });
    return attempt(() => call(true), t('done-preset-declined', { source: presetName(preset) }), { back: () => call(false) });
  }

  #load(): void {
    void this.all.load((signal) => api().call('presets', {}, signal));
  }
}

export const presetsState = new PresetsState();
