/** What the command palette offers, and how it is found. Pure: what an item does belongs to who makes it. */
import type { IconName } from '$lib/kit/icons';

export const paletteGroups = ['link', 'recent', 'command', 'place', 'package', 'profile', 'game', 'setting'] as const;
export type PaletteGroup = (typeof paletteGroups)[number];

export interface PaletteItem {
  /** Stable, so that it can be offered again. */
  id: string;
  group: PaletteGroup;
  icon: IconName;
  text: string;
  /** Further words that find it, and that stand beside it. */
  detail?: string;
  keys?: string | undefined;
  /** Why it cannot be done now; such items come last. */
  why?: string | undefined;
  run: () => void;
}

/** Most items of one group. */
const most = 8;

const prefixes: Record<string, PaletteGroup[]> = { '>': ['command', 'place'], ':': ['game'], '%': ['profile'], '!': ['setting'] };

export interface Asked {
  /** Absent means all. */
  groups?: PaletteGroup[];
  words: string;
  /** A facet of the catalogue: a tag or a publisher. */
  facet?: { key: 'tag' | 'publisher'; value: string };
  /** A link of ours. */
  link?: string;
  /** A web address or a folder: perhaps a source. */
  address?: string;
}

/** What was typed or pasted. */
export function askedFor(text: string): Asked {
  const trimmed = text.trim();
  if (/^muster:\/\/\S+$/i.test(trimmed)) return { words: '', link: trimmed };
  if (/^https?:\/\/\S+$/i.test(trimmed) || /^(\/|[a-z]:\\)\S/i.test(trimmed)) return { words: '', address: trimmed };
  const [first = '', rest] = [trimmed.slice(0, 1), trimmed.slice(1).trim()];
  if ((first === '#' || first === '@') && rest !== '') return { words: '', facet: { key: first === '#' ? 'tag' : 'publisher', value: rest } };
  const groups = prefixes[first];
  return groups === undefined ? { words: trimmed } : { groups, words: rest };
}

const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** How well words fit: 0 begins with them, 1 has a word that does, 2 has them somewhere; nothing where one is missing. */
export function fit(words: string, { text, detail = '' }: Pick<PaletteItem, 'text' | 'detail'>): number | undefined {
  const wanted = folded(words).split(/\s+/).filter((word) => word !== '');
  const name = folded(text);
  const all = `${name} ${folded(detail)}`;
  if (!wanted.every((word) => all.includes(word))) return undefined;
  const [first] = wanted;
  if (first === undefined || name.startsWith(first)) return 0;
  return name.split(/\s+/).some((word) => word.startsWith(first)) ? 1 : 2;
}

/** The items that fit, by group, the best first, what cannot be done last. */
export function found(items: readonly PaletteItem[], asked: Asked, recent: readonly string[] = []): PaletteItem[] {
  if (asked.groups === undefined && asked.words === '') {
    const again = recent.flatMap((id) => items.filter((item) => item.id === id)).map((item): PaletteItem => ({ ...item, group: 'recent' }));
    const rest = items.filter(({ id, group }) => !recent.includes(id) && (group === 'command' || group === 'place'));
    return [...again.slice(0, 5), ...byGroup(rest, () => 0, Infinity)];
  }
  const scored = items.flatMap((item) => {
    const score = asked.groups === undefined || asked.groups.includes(item.group) ? fit(asked.words, item) : undefined;
    return score === undefined ? [] : [{ item, score }];
  });
  const scores = new Map(scored.map(({ item, score }) => [item, score]));
  return byGroup(scored.map(({ item }) => item), (item) => scores.get(item) ?? 0, asked.words === '' ? Infinity : most);
}

function byGroup(items: readonly PaletteItem[], score: (item: PaletteItem) => number, limit: number): PaletteItem[] {
  return paletteGroups.flatMap((group) => {
    const of = items.filter((item) => item.group === group);
    return of.sort((a, b) => Number(a.why !== undefined) - Number(b.why !== undefined) || score(a) - score(b)).slice(0, limit);
  });
}
