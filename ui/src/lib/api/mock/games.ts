/** Games of the mock world, also those that the player adds. */
import { ApiError, localProblem, type Game, type GameDetail, type ModLayout } from '../api';
import { games, gameSources } from './world';

export class MockGames {
  all: Game[];
  private readonly own = new Set<string>();

  constructor(none: boolean) {
    this.all = none ? [] : games;
  }

  add(title: string, layout: ModLayout): string {
    const id = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    if (this.all.some((game) => game.id === id)) throw new ApiError({ ...localProblem('game-taken', id), status: 409, context: { game: id } });
    this.all = [...this.all, { id, title, own: true, installations: [{ id: 'native', kind: 'native', places: { mods: `/home/ada/${layout}` } }] }];
    this.own.add(id);
    return id;
  }

  remove(id: string): void {
    this.all = this.all.filter((game) => game.id !== id);
    this.own.delete(id);
  }

  detail(id: string): GameDetail {
    const game = this.all.find((one) => one.id === id);
    if (game === undefined) throw new ApiError({ ...localProblem('game-unknown', id), status: 404, context: { game: id } });
    return { ...game, also_called: [], origins: [this.own.has(id) ? 'user' : 'shipped'], load_order: 'files', launches: ['play'], loaders: [], stores: {}, places: ['mods'], sources: gameSources[id] ?? [] };
  }
}
