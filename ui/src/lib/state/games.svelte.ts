/** Games that Muster knows, and those that the player adds. Paths are chosen outside of the page. */
import { toApiError, type Changed, type GameDetail, type GamePart, type ModLayout, type Problem } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { api } from './bridge';
import { notices } from './notices.svelte';
import { place } from './place.svelte';
import { problemText } from './problems';
import { Resource } from './resource.svelte';

class GamesState {
  /** Those that were found, and those that the player added; the others are only counted. */
  list = new Resource<GameDetail[]>();
  others = $state(0);
  /** The form is open. */
  adding = $state(false);
  title = $state('');
  layout = $state<ModLayout>('folder-each');
  chosen = $state.raw<Partial<Record<GamePart, string>>>({});
  problem = $state.raw<Problem | undefined>(undefined);
  /** A window of the desktop is open. */
  asking = $state(false);

  isComplete = $derived(this.title.trim() !== '' && this.chosen.program !== undefined && this.chosen.folder !== undefined);

  load(): void {
    void this.list.load(async (signal) => {
      const games = await api().call('games', {}, signal);
      const shown = games.filter(({ installations, own }) => installations.length > 0 || own === true);
      this.others = games.length - shown.length;
      return Promise.all(shown.map(({ id }) => api().call('game', { path: { game: id } }, signal)));
    });
  }

  async choose(part: GamePart): Promise<void> {
    const path = await this.#ask(() => api().chooseForGame(part));
    if (path != null) this.chosen = { ...this.chosen, [part]: path };
  }

  async add(): Promise<boolean> {
    const title = this.title.trim();
    const changed = await this.#ask(() => api().addOwnGame(title, this.layout));
    if (changed == null) return false;
    Object.assign(this, { adding: false, title: '', layout: 'folder-each', chosen: {} });
    this.#done(t('done-game-added', { title }));
    return true;
  }

  async remove({ id, title }: Pick<GameDetail, 'id' | 'title'>): Promise<void> {
    let changed: Changed | null;
    try {
      changed = await api().removeOwnGame(id);
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
      return;
    }
    if (changed !== null) this.#done(t('done-game-removed', { title }));
  }

  #done(text: string): void {
    notices.say(text);
    this.load();
    place.loadGames();
  }

  async #ask<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (this.asking) return undefined;
    this.asking = true;
    try {
      const answer = await call();
      this.problem = undefined;
      return answer;
    } catch (thrown) {
      this.problem = toApiError(thrown).problem;
      return undefined;
    } finally {
      this.asking = false;
    }
  }
}

export const gamesState = new GamesState();
