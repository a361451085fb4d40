/** Everything that the palette can do: the table of keys, the places, profiles, games, settings, and more of each screen. */
import { t } from '$lib/i18n/i18n.svelte';
import type { MessageId } from '$lib/i18n/ids';
import type { IconName } from '$lib/kit/icons';
import { profileViews, type Route } from '$lib/router/routes';
import { router } from '$lib/router/router.svelte';
import { setOffline } from './actions';
import { filesState } from './files.svelte';
import { keyTable } from './keys';
import { switchProfile } from './lifecycle';
import { live } from './live.svelte';
import type { PaletteItem } from './palette';
import { place } from './place.svelte';
import { profileState } from './profile.svelte';
import { dashed, settingTable } from './settings';
import { shell } from './shell.svelte';

/** Keys that only mean something while something has the focus, or that open the palette itself. */
const notCommands = ['palette', 'search-slash', 'help-question', 'next-region', 'previous-region'];
const placeIcons: Partial<Record<string, IconName>> = { 'place-library': 'kind-game-definition', 'place-browse': 'browse', 'place-collections': 'kind-collection', 'place-profile': 'profile', 'place-lobby': 'lobby', 'place-downloads': 'downloads', 'place-seeding': 'seeding', 'place-sources': 'sources', 'place-activity': 'activity', 'place-settings': 'settings' };
const needService = ['play', 'undo', 'pause-all', 'refresh'];

/** Parts of the settings that are no single ones. */
const settingParts: [string, MessageId, MessageId][] = [
  ['settings-sharing', 'settings-sharing', 'setting-sharing-about'],
  ['settings-disk', 'settings-disk', 'disk-about'],
  ['settings-games', 'settings-games', 'settings-games'],
];

const stopped = (): string | undefined => (live.usable ? undefined : t('needs-service'));
const alone = (): string | undefined => (place.profile === undefined ? t('needs-profile') : undefined);

function keyed(): PaletteItem[] {
  return keyTable.filter(({ where, id }) => where === 'anywhere' && !notCommands.includes(id)).map(({ id, keys, text }) => ({
    id, keys, text: t(text), icon: placeIcons[id] ?? 'chevron-right', group: id.startsWith('place-') ? 'place' : 'command',
    why: needService.includes(id) ? (stopped() ?? (id === 'play' ? alone() : undefined)) : undefined, run: () => shell.commands[id]?.(),
  }));
}

function places(): PaletteItem[] {
  const { game, profile } = place;
  const to = (id: string, text: string, route: Route, why?: string): PaletteItem => ({ id, group: 'place', icon: 'chevron-right', text, why, run: () => router.go(route) });
  const views = profile === undefined ? [] : profileViews.filter((view) => view !== 'order').map((view) =>
    to(`view-${view}`, t('palette-view', { view: t(`profile-view-${view}` as MessageId), profile: profile.name }), { name: 'profile', game: profile.game, profile: profile.id, view }));
  return [to('profiles', t('profiles-all'), { name: 'profiles', game }), to('adopt', t('adopt-open'), { name: 'adopt', game }), ...views];
}

function more(): PaletteItem[] {
  const offline = live.settings?.offline === true;
  const { game, profile } = place;
  const inProfile = (id: string, text: string, run: () => void): PaletteItem => ({
    id, group: 'command', icon: 'chevron-right', text, why: stopped() ?? alone(),
    run: () => {
      if (profile !== undefined) router.go({ name: 'profile', game: profile.game, profile: profile.id, view: 'order' });
      run();
    },
  });
  return [
    { id: 'new-profile', group: 'command', icon: 'add', text: t('top-new-profile'), why: game === undefined ? t('palette-no-game') : undefined, run: () => router.go({ name: 'profile', game, profile: 'new', view: 'order' }) },
    { id: 'add-source', group: 'command', icon: 'add', text: t('source-add'), why: stopped(), run: () => addSource('') },
    { id: 'offline', group: 'command', icon: 'pause', text: t(offline ? 'palette-online' : 'palette-offline'), why: stopped(), run: () => void setOffline(!offline) },
    inProfile('check-files', t('profile-check'), () => filesState.check()),
    inProfile('test-start', t('profile-test'), () => profileState.testStart()),
  ];
}

/** Looks at an address as a source; nothing is added without the player's consent. */
export function addSource(address: string): void {
  shell.sourceAddress = address;
  router.go({ name: 'sources' });
}

export function commands(): PaletteItem[] {
  const profiles = live.profiles.flatMap((one): PaletteItem[] => [
    { id: `profile ${one.id}`, group: 'profile', icon: 'profile', text: one.name, detail: one.game_title, run: () => router.go({ name: 'profile', game: one.game, profile: one.id, view: 'order' }) },
    ...(one.placed === true ? [] : [{ id: `switch ${one.id}`, group: 'profile' as const, icon: 'profile' as const, text: t('palette-switch', { profile: one.name }), detail: one.game_title, why: stopped(), run: () => void switchProfile(one.id) }]),
  ]);
  const games = place.offered.map((game): PaletteItem => ({ id: `game ${game.id}`, group: 'game', icon: 'kind-game-definition', text: game.title, run: () => router.go({ name: 'browse', game: game.id, q: '', sort: '' }) }));
  const single = settingTable.map((setting) => [`setting-${dashed(setting)}`, `set-${dashed(setting)}`, `set-${dashed(setting)}-about`] as [string, MessageId, MessageId]);
  const settings = [...single, ...settingParts].map(([target, text, about]): PaletteItem => ({
    id: `setting ${target}`, group: 'setting', icon: 'settings', text: t(text), detail: t(about, { used: '' }),
    run: () => {
      if (router.route.name === 'settings') document.getElementById(target)?.focus();
      else shell.landing = target;
      router.go({ name: 'settings' });
    },
  }));
  return [...keyed(), ...more(), ...places(), ...profiles, ...games, ...settings];
}
