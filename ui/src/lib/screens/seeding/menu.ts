/** What can be done with an archive that is kept, as its inspector offers it, with the same keys. */
import type { Seed } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { router } from '$lib/router/router.svelte';
import { live } from '$lib/state/live.svelte';
import type { MenuItem } from '$lib/state/menu';
import { seedingState } from '$lib/state/seeding.svelte';

export function seedMenu(seed: Seed): MenuItem[][] {
  const why = live.usable ? undefined : t('needs-service');
  const of = seed.package;
  return [
    [
      { text: t(seed.pinned ? 'seeding-unpin' : 'seeding-pin-it'), icon: 'lock', keys: 'Space', why, run: () => void seedingState.command(seed.pinned ? 'unpin' : 'pin', seed) },
      { text: t(seed.paused ? 'seeding-offer' : 'seeding-hold'), icon: seed.paused ? 'resume' : 'pause', keys: 'P', why, run: () => void seedingState.command(seed.paused ? 'resume' : 'pause', seed) },
    ],
    of === undefined ? [] : [{ text: t('inspector-open'), icon: 'info', run: () => router.go({ name: 'package', source: of.source, id: of.id, tab: 'overview' }) }],
    [{ text: t('kept-let-go'), icon: 'remove', keys: 'Delete', danger: true, why, run: () => seedingState.ask({ archives: [seed.sha256], all: false }) }],
  ];
}
