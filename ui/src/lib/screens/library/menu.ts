/** What can be done with a game, as its inspector offers it, with the same keys. */
import { t } from '$lib/i18n/i18n.svelte';
import { router } from '$lib/router/router.svelte';
import { play } from '$lib/state/actions';
import { gamesState } from '$lib/state/games.svelte';
import type { GameRow } from '$lib/state/library';
import { live } from '$lib/state/live.svelte';
import type { MenuItem } from '$lib/state/menu';

export function gameMenu({ id, title, game, profile, gone }: GameRow): MenuItem[][] {
  const why = live.usable ? undefined : t('needs-service');
  const started: MenuItem[] = gone || profile === undefined ? [] : [{ text: t('play'), icon: 'play', keys: 'P', why, run: () => void play(profile) }];
  return [
    started,
    [
      { text: t('place-browse'), icon: 'browse', keys: 'Enter', run: () => router.go({ name: 'browse', game: id, q: '', sort: '' }) },
      { text: t('place-profile'), icon: 'profile', keys: 'O', run: () => router.go({ name: 'profile', game: id, profile: profile?.id, view: 'order' }) },
      { text: t('top-all-profiles'), run: () => router.go({ name: 'profiles', game: id }) },
      { text: t('adopt-open'), icon: 'folder', why, run: () => router.go({ name: 'adopt', game: id }) },
    ],
    game?.own === true ? [{ text: t('games-remove'), icon: 'remove', danger: true, why, run: () => void gamesState.remove({ id, title }) }] : [],
  ];
}
