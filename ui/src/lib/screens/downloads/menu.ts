/** What can be done with a download, as its inspector offers it, with the same keys. */
import type { Lane, Transfer } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import type { MessageId } from '$lib/i18n/ids';
import { live } from '$lib/state/live.svelte';
import type { MenuItem } from '$lib/state/menu';

export interface TransferActions {
  toggle: (transfer: Transfer) => void;
  move: (transfer: Transfer, lane: Lane) => void;
}

const lanes: Lane[] = ['lobby-urgent', 'user', 'background'];

export function transferMenu(transfer: Transfer, { toggle, move }: TransferActions): MenuItem[][] {
  const { state } = transfer;
  const why = live.usable ? undefined : t('needs-service');
  const stand: MenuItem = { text: t(state === 'failed' ? 'retry' : state === 'paused' ? 'resume' : 'pause'), icon: state === 'failed' ? 'retry' : state === 'paused' ? 'resume' : 'pause', keys: 'Space', why, run: () => toggle(transfer) };
  const moves = lanes.map((lane, index): MenuItem => ({
    text: t('menu-lane', { lane: t(`lane-${lane}` as MessageId) }), ...(transfer.lane === lane && { icon: 'check' as const }), keys: String(index + 1), why, run: () => move(transfer, lane),
  }));
  return [state === 'checking' ? [] : [stand], moves];
}
