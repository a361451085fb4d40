/** The download queue as it is after a change of it. Pure. */
import type { Transfers, TransfersChange } from '$lib/api/api';

export function changed(before: Transfers, { changed, gone, ...now }: TransfersChange): Transfers {
  const rows = new Map(before.transfers.map((transfer) => [transfer.sha256, transfer]));
  for (const hash of gone) rows.delete(hash);
  for (const transfer of changed) rows.set(transfer.sha256, transfer);
  return { ...now, transfers: [...rows.values()] };
}
