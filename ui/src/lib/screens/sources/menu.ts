/** What can be done with a source, as its inspector offers it, with the same keys. */
import type { Source } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { syncSource } from '$lib/state/actions';
import { live } from '$lib/state/live.svelte';
import type { MenuItem } from '$lib/state/menu';
import { sourcesState } from '$lib/state/sources.svelte';

/** `move` puts it one place up or down. */
export function sourceMenu(source: Source, { place, total, offline, move }: { place: number; total: number; offline: boolean; move: (step: -1 | 1) => void }): MenuItem[][] {
  const why = live.usable ? undefined : t('needs-service');
  const silent = offline ? t('offline-about') : source.enabled ? undefined : t('source-off');
  const moves: MenuItem[] = [];
  if (place > 0) moves.push({ text: t('source-up'), icon: 'up', keys: 'Alt+↑', why, run: () => move(-1) });
  if (place < total - 1) moves.push({ text: t('source-down'), icon: 'down', keys: 'Alt+↓', why, run: () => move(1) });
  return [
    [
      { text: t('source-sync-now'), icon: 'retry', keys: 'R', why: why ?? silent, run: () => void syncSource(source.id, source.alias) },
      { text: t(source.enabled ? 'turn-off' : 'turn-on'), icon: source.enabled ? 'pause' : 'check', keys: 'Space', why, run: () => void sourcesState.switchOn(source, !source.enabled) },
    ],
    moves,
    [{ text: t('remove'), icon: 'remove', keys: 'Delete', danger: true, why, run: () => void sourcesState.remove(source) }],
  ];
}
