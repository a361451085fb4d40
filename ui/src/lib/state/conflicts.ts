/** Which package's file is there where several hold it, and why. */
import type { FileConflict, PackageKey } from '$lib/api/api';
import { coded, t } from '$lib/i18n/i18n.svelte';

type Title = (key: PackageKey) => string;

/** Why the winner's file is there, one sentence for each package that lost. */
export function reasonLines({ winner, losers }: FileConflict, title: Title): string[] {
  return losers.map((loser) => {
    const values = { winner: title(winner), loser: title(loser) };
    const sentence = coded('win', loser.why.replace(/^win-/, ''), values) ?? t('conflicts-wins', values);
    return loser.same_content ? t('conflicts-same', { sentence }) : sentence;
  });
}

/** Whether it matters who wins. */
export function isReal({ losers }: FileConflict): boolean {
  return losers.some((loser) => !loser.same_content);
}
