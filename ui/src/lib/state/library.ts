/** The games as rows: those that were found, those that the player added, and those with a profile whose game is gone. */
import type { Game, Profile } from '$lib/api/api';

export interface GameRow {
  id: string;
  title: string;
  /** Nothing where the service knows no such game any more. */
  game: Game | undefined;
  /** The profile that Install and Play mean. */
  profile: Profile | undefined;
  profiles: Profile[];
  /** Where it was is no game now. */
  gone: boolean;
}

export function libraryRows(games: Game[], profiles: Profile[]): GameRow[] {
  const ids = new Set([...games.filter(({ installations, own }) => installations.length > 0 || own === true).map(({ id }) => id), ...profiles.map(({ game }) => game)]);
  const rows = [...ids].map((id): GameRow => {
    const game = games.find((one) => one.id === id);
    const mine = profiles.filter((profile) => profile.game === id);
    const profile = mine.find(({ active }) => active) ?? mine[0];
    return { id, title: game?.title ?? mine[0]?.game_title ?? id, game, profile, profiles: mine, gone: (game?.installations.length ?? 0) === 0 };
  });
  return rows.sort((one, other) => Number(one.gone) - Number(other.gone) || one.title.localeCompare(other.title));
}
