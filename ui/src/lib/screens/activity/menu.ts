/** What can be done with something that the service did: the ways to what it was about, and ending it. */
import { t } from '$lib/i18n/i18n.svelte';
import { router } from '$lib/router/router.svelte';
import { cancelJob } from '$lib/state/actions';
import { activityState, type Activity } from '$lib/state/activity.svelte';
import { historyState } from '$lib/state/history.svelte';
import { live } from '$lib/state/live.svelte';
import type { MenuItem } from '$lib/state/menu';

/** Goes to the state of the history that it made, where it made one. */
export function showState({ profile, generation }: Activity): void {
  if (profile === undefined) return;
  const index = activityState.profiles.data?.find(({ id }) => id === profile.id)?.generations.findIndex(({ number }) => number === generation) ?? -1;
  router.go({ name: 'profile', game: profile.game, profile: profile.id, view: 'history' });
  historyState.show(profile.id);
  if (index >= 0) historyState.focus = index;
}

/** `onopen` shows what is known of it. */
export function activityMenu(row: Activity, onopen: () => void): MenuItem[][] {
  const { job } = row;
  const ways: MenuItem[] = [{ text: t('details'), icon: 'info', keys: 'Enter', run: onopen }];
  if (row.profile !== undefined) ways.push({ text: t('activity-to-history'), icon: 'history', run: () => showState(row) });
  if (row.kind === 'sources') ways.push({ text: t('browse-to-sources'), icon: 'sources', run: () => router.go({ name: 'sources' }) });
  return [ways, job?.can_cancel === true ? [{ text: t('cancel'), icon: 'close', why: live.usable ? undefined : t('needs-service'), run: () => void cancelJob(job.id) }] : []];
}
