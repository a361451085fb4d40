/** Where a game's list is empty: for which of the games on this machine the sources have something. */
import type { Facet } from '$lib/api/api';
import { api } from './bridge';

export interface Elsewhere {
  id: string;
  title: string;
  packages: number;
}

/** Of the games that are offered, the one with most packages; not the one whose list is empty. */
export function richest(facets: readonly Facet[], offered: readonly { id: string; title: string }[], here: string | undefined): Elsewhere | undefined {
  const counts = facets.find(({ key }) => key === 'game')?.values ?? [];
  const packages = (id: string): number => counts.find(({ value }) => value === id)?.count ?? 0;
  const others = offered.filter(({ id }) => id !== here).map(({ id, title }) => ({ id, title, packages: packages(id) }));
  return others.filter((game) => game.packages > 0).sort((one, other) => other.packages - one.packages)[0];
}

class ElsewhereState {
  facets = $state.raw<Facet[]>([]);

  /** Asks what there is for all games. Nothing depends on the answer. */
  async ask(): Promise<void> {
    const page = await api().call('search', { query: { q: '', sort: 'relevance', offset: 0, limit: 1 } }).catch(() => undefined);
    this.facets = page?.facets ?? [];
  }
}

export const elsewhere = new ElsewhereState();
