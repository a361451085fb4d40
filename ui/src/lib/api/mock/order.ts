/** Load order of the mock world: what its packages ask for, and which of them hold the same files. */
import type { Conflicts, LoadOrder, OrderPlan, OrderStep, PackageKey, ProfileEntry } from '../api';
import { keyOf, settled, wishOf } from '../../state/order';

const key = ({ source, id }: PackageKey): PackageKey => ({ source, id });

/** Wishes among the first packages; `circle` adds two that cannot both come true. */
export interface Asked {
  wishes: OrderStep[];
  cycles: OrderStep[][];
  /** Packages that hold the same files as others. */
  holders: PackageKey[];
}

export function makeAsked(entries: ProfileEntry[], circle: boolean): Asked {
  const holders = entries.filter((entry) => entry.enabled).slice(0, 7).map(key);
  if (holders.length < 7) return { wishes: [], cycles: [], holders: [] };
  const step = (earlier: number, later: number, reason: string): OrderStep => ({ earlier: holders[earlier] as PackageKey, later: holders[later] as PackageKey, reason });
  const wishes = [step(0, 2, 'order-needs'), step(1, 5, 'order-load-after'), step(0, 1, 'order-load-before')];
  return { holders, wishes, cycles: circle ? [[step(6, 4, 'order-load-before'), step(4, 6, 'order-load-after')]] : [] };
}

const sequence = (entries: ProfileEntry[], { wishes }: Asked): string[] => settled(entries.map(keyOf), wishes.map(wishOf));

export function inOrder(entries: ProfileEntry[], asked: Asked): ProfileEntry[] {
  const place = new Map(sequence(entries, asked).map((one, index) => [one, index]));
  return [...entries].sort((a, b) => (place.get(keyOf(a)) ?? 0) - (place.get(keyOf(b)) ?? 0));
}

export function loadOrder(entries: ProfileEntry[], asked: Asked, chosen: boolean): LoadOrder {
  const packages = inOrder(entries, asked).map((entry) => ({ ...key(entry), title: entry.title, chosen, enabled: entry.enabled }));
  return { packages, wishes: asked.wishes, cycles: asked.cycles };
}

interface Held {
  path: string;
  by: PackageKey[];
  same: boolean;
}

/** Files with those who hold them, the present winner last. */
function held({ holders }: Asked, count: number, entries: ProfileEntry[]): Held[] {
  const place = new Map(entries.map((entry, index) => [keyOf(entry), index]));
  const at = (one: PackageKey): number => place.get(keyOf(one)) ?? -1;
  if (holders.length === 0) return [];
  const files = Array.from({ length: count }, (_, index) => {
    const by = [holders[index % 4], holders[(index % 4) + 1 + (index % 2)]] as PackageKey[];
    return { path: `textures/lantern_${String(index).padStart(4, '0')}.png`, by: by.sort((a, b) => at(a) - at(b)), same: index % 5 === 4 };
  });
  return files.filter(({ by }) => by.every((one) => at(one) >= 0));
}

export function makeConflicts(entries: ProfileEntry[], asked: Asked, count: number, chosen: boolean, { offset, limit }: { offset: number; limit: number }): Conflicts {
  const why = (loser: PackageKey, winner: PackageKey): string => {
    const wish = asked.wishes.find((step) => keyOf(step.earlier) === keyOf(loser) && keyOf(step.later) === keyOf(winner));
    return wish?.reason.replace('order-', 'win-') ?? (chosen ? 'win-player' : 'win-order');
  };
  const files = held(asked, count, inOrder(entries, asked)).sort((a, b) => Number(a.same) - Number(b.same));
  const shown = files.slice(offset, offset + limit).map(({ path, by, same }) => {
    const winner = by.at(-1) as PackageKey;
    return { place: 'mods', path, winner, losers: by.slice(0, -1).map((loser) => ({ ...loser, why: why(loser, winner), same_content: same })) };
  });
  return { total: files.length, files: shown };
}

export function planOrder(entries: ProfileEntry[], asked: Asked, count: number, order: PackageKey[]): OrderPlan {
  const wanted = inOrder(reordered(entries, order), asked);
  const before = held(asked, count, inOrder(entries, asked));
  const after = held(asked, count, wanted);
  const files = before.flatMap(({ path, by, same }, index) => {
    const [from, to] = [by.at(-1) as PackageKey, after[index]?.by.at(-1) as PackageKey];
    return keyOf(from) === keyOf(to) ? [] : [{ place: 'mods', path, from, to, same_content: same }];
  });
  return { packages: wanted.filter((entry) => entry.enabled).map(key), total: files.length, files: files.sort((a, b) => Number(a.same_content) - Number(b.same_content)).slice(0, 1_000) };
}

/** Entries as an order names them; others come behind. */
export function reordered(entries: ProfileEntry[], order: PackageKey[]): ProfileEntry[] {
  const rank = new Map(order.map((one, index) => [keyOf(one), index]));
  return [...entries].sort((a, b) => (rank.get(keyOf(a)) ?? order.length) - (rank.get(keyOf(b)) ?? order.length));
}
