/** Which package's file is there where several hold it, and why. */
import type { FileConflict, PackageKey } from '$lib/api/api';
import { coded, formatLocale, t } from '$lib/i18n/i18n.svelte';

type Title = (key: PackageKey) => string;

/** Reasons that say the same of every package that lost by them; others are about one package each. */
const shared = new Set(['win-order', 'win-player']);

/** Packages that lost for the same reason, where one sentence can name them all. */
function together(losers: FileConflict['losers']): FileConflict['losers'][] {
  const groups = new Map<string, FileConflict['losers']>();
  losers.forEach((loser, index) => {
    const key = shared.has(loser.why) ? `${loser.why} ${loser.same_content}` : String(index);
    groups.set(key, [...(groups.get(key) ?? []), loser]);
  });
  return [...groups.values()];
}

/** Why the winner's file is there: one sentence for each reason, with everybody who lost by it. */
export function reasonLines({ winner, losers }: FileConflict, title: Title): string[] {
  const names = new Intl.ListFormat(formatLocale(), { type: 'conjunction' });
  return together(losers).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const values = { winner: title(winner), loser: names.format(group.map(title)) };
    const sentence = coded('win', first.why.replace(/^win-/, ''), values) ?? t('conflicts-wins', values);
    return first.same_content ? t('conflicts-same', { sentence }) : sentence;
  });
}

/** Whether it matters who wins. */
export function isReal({ losers }: FileConflict): boolean {
  return losers.some((loser) => !loser.same_content);
}
