/** What can be done with a profile, as its inspector offers it, with the same keys. */
import { t } from '$lib/i18n/i18n.svelte';
import { cloneProfile, removeProfile } from '$lib/state/lifecycle';
import { live } from '$lib/state/live.svelte';
import type { MenuItem } from '$lib/state/menu';
import { profilesState, whereabouts, type ProfileRow } from '$lib/state/profiles.svelte';
import { shell } from '$lib/state/shell.svelte';

export interface ProfileActions {
  open: (row: ProfileRow) => void;
  /** Switches to it, or brings it back. */
  stand: (row: ProfileRow) => void;
}

export function profileMenu(row: ProfileRow, { open, stand }: ProfileActions): MenuItem[][] {
  const stopped = live.usable ? undefined : t('needs-service');
  const why = stopped ?? (profilesState.job(row.id) === undefined ? undefined : t('profiles-busy'));
  const found = whereabouts(row);
  if (row.kind === 'removed') return [[{ text: t('profiles-restore'), icon: 'undo', keys: 'Space', why, run: () => stand(row) }]];
  const switched: MenuItem[] = found === 'placed' ? [] : [{ text: t(found === 'chosen' ? 'profiles-place' : 'profiles-switch'), icon: 'check', keys: 'Space', why, run: () => stand(row) }];
  return [
    [...switched, { text: t('profiles-open'), icon: 'profile', keys: 'Enter', run: () => open(row) }],
    [
      { text: t('profiles-rename'), keys: 'F2', why: stopped, run: () => shell.inspect('profile-rename') },
      { text: t('profiles-copy'), icon: 'copy', why: stopped, run: () => void cloneProfile(row) },
    ],
    [{ text: t('profiles-delete'), icon: 'remove', keys: 'Delete', danger: true, why, run: () => void removeProfile(row) }],
  ];
}
