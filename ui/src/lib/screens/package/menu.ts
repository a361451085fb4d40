/** What can be done with packages, as the inspectors offer it, with the same keys. */
import type { PackageRow, ProfileEntry } from '$lib/api/api';
import { size } from '$lib/i18n/format';
import { t } from '$lib/i18n/i18n.svelte';
import { router } from '$lib/router/router.svelte';
import { cancelJob, install, quarantine, remove, switchOn, update } from '$lib/state/actions';
import { isCollection } from '$lib/state/collections';
import { live } from '$lib/state/live.svelte';
import type { MenuItem } from '$lib/state/menu';
import { isRefused } from '$lib/state/package.svelte';
import { place } from '$lib/state/place.svelte';
import { profileState } from '$lib/state/profile.svelte';
import { shell } from '$lib/state/shell.svelte';

const stopped = (): string | undefined => (live.usable ? undefined : t('needs-service'));

const page = ({ source, id }: Pick<PackageRow, 'source' | 'id'>): MenuItem => ({ text: t('inspector-open'), icon: 'info', keys: 'Enter', run: () => router.go({ name: 'package', source, id, tab: 'overview' }) });

/** The menu of a package that was found. */
export function packageMenu(row: PackageRow): MenuItem[][] {
  const { status } = row;
  const why = stopped() ?? (place.profile === undefined ? t('needs-profile') : undefined);
  const here = status.state === 'on' || status.state === 'off' || status.state === 'update';
  const items: MenuItem[] = [];
  if (isCollection(row.kind)) items.push({ text: t('open-collection-long'), icon: 'kind-collection', run: () => router.go({ name: 'collection', source: row.source, id: row.id }) });
  else if (status.state === 'absent') items.push({ text: t('install-sized', { size: size(row.size) }), icon: 'add', keys: 'I', why: isRefused(row) ? t('install-refused') : why, run: () => void install(row) });
  if (status.state === 'update') items.push({ text: t('update-to', { version: status.available }), icon: 'update', keys: 'U', why, run: () => void update([row]) });
  if (status.state === 'off') items.push({ text: t('turn-on'), icon: 'check', why, run: () => void switchOn([row], true) });
  if (status.state === 'on') items.push({ text: t('turn-off'), icon: 'pause', why, run: () => void switchOn([row], false) });
  if (status.state === 'busy' && live.job(status.job)?.can_cancel === true) items.push({ text: t('cancel'), icon: 'close', why: stopped(), run: () => void cancelJob(status.job) });
  const about: MenuItem[] = [page(row)];
  if (row.publisher !== '') about.push({ text: t('publisher-all'), icon: 'profile', run: () => router.go({ name: 'publisher', source: row.source, publisher: row.publisher }) });
  about.push({ text: t('report-open'), icon: 'warn', why: stopped(), run: () => (shell.report = { source: row.source, id: row.id }) });
  return [items, about, here ? [{ text: t('remove'), icon: 'remove', keys: 'Delete', danger: true, why, run: () => void remove([row]) }] : []];
}

export interface EntryActions {
  hold: (chosen: ProfileEntry[]) => void;
  /** One place up or down; nothing where the order cannot be changed. */
  move: ((step: -1 | 1) => void) | undefined;
}

/** The menu of packages of a profile: of one, or of all that are selected. */
export function entryMenu(entry: ProfileEntry, chosen: ProfileEntry[], { hold, move }: EntryActions): MenuItem[][] {
  const why = stopped();
  const updates = chosen.filter((one) => one.update !== undefined);
  const advised = chosen.filter((one) => one.enabled && (one.advice?.length ?? 0) > 0);
  const items: MenuItem[] = [];
  if (updates.length > 0) items.push({ text: updates.length === 1 ? t('update-to', { version: updates[0]?.update ?? '' }) : t('profile-update', { count: updates.length }), icon: 'update', keys: 'U', why, run: () => void update(updates) });
  if (advised.length > 0) items.push({ text: t('against-quarantine'), icon: 'warn', why, run: () => void quarantine(advised) });
  items.push({ text: t(entry.enabled ? 'turn-off' : 'turn-on'), icon: entry.enabled ? 'pause' : 'check', keys: 'Space', why, run: () => void profileState.toggle(chosen, !entry.enabled) });
  items.push({ text: t(chosen.every((one) => one.held !== undefined) ? 'held-let-go' : 'held-hold'), icon: 'lock', keys: 'H', why, run: () => hold(chosen) });
  const moves: MenuItem[] = move === undefined ? [] : [
    { text: t('order-up'), icon: 'up', keys: 'Alt+↑', why, run: () => move(-1) },
    { text: t('order-down'), icon: 'down', keys: 'Alt+↓', why, run: () => move(1) },
  ];
  const text = chosen.length === 1 ? t('remove') : t('profile-remove', { count: chosen.length });
  return [items, moves, chosen.length === 1 ? [page(entry)] : [], [{ text, icon: 'remove', keys: 'Delete', danger: true, why, run: () => void remove(chosen) }]];
}
