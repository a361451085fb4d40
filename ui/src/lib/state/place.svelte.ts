/** Game and profile that Install and Play refer to: from the address where it names one, else the active profile. */
import type { Game, Profile } from '$lib/api/api';
import { router } from '$lib/router/router.svelte';
import { api } from './bridge';
import { live } from './live.svelte';
import { Resource } from './resource.svelte';

class Place {
  games = new Resource<Game[]>();
  /** The game that was shown last, for places that are about no game. */
  #last = $state<string | undefined>(undefined);

  loadGames(): void {
    void this.games.load((signal) => api().call('games', {}, signal));
  }

  game = $derived.by((): string | undefined => {
    const route = router.route;
    if ('game' in route && route.game !== undefined) return route.game;
    return this.#last ?? this.#active()?.game ?? this.games.data?.find((game) => game.installations.length > 0)?.id;
  });

  gameTitle = $derived.by((): string => {
    const id = this.game;
    const known = this.games.data?.find((game) => game.id === id)?.title;
    return known ?? live.profiles.find((profile) => profile.game === id)?.game_title ?? '';
  });

  profiles = $derived.by((): Profile[] => live.profiles.filter((profile) => profile.game === this.game));

  profile = $derived.by((): Profile | undefined => {
    const route = router.route;
    if (route.name === 'profile' && route.profile !== undefined) {
      return live.profiles.find((profile) => profile.id === route.profile);
    }
    return this.profiles.find((profile) => profile.active) ?? this.profiles[0];
  });

  /** Games worth offering: found on this machine, or with a profile. */
  offered = $derived.by((): { id: string; title: string }[] => {
    const found = (this.games.data ?? []).filter(
      (game) => game.installations.length > 0 || live.profiles.some((profile) => profile.game === game.id),
    );
    const known = new Set(found.map((game) => game.id));
    const others = live.profiles.filter((profile) => !known.has(profile.game));
    const extra = new Map(others.map((profile) => [profile.game, profile.game_title]));
    return [...found.map(({ id, title }) => ({ id, title })), ...[...extra].map(([id, title]) => ({ id, title }))];
  });

  /** Keeps the game in mind while a place without one is shown. */
  keep(): void {
    const route = router.route;
    if ('game' in route && route.game !== undefined) this.#last = route.game;
  }

  #active(): Profile | undefined {
    const first = live.status?.active_profile;
    return live.profiles.find((profile) => profile.id === first) ?? live.profiles.find((profile) => profile.active);
  }
}

export const place = new Place();
