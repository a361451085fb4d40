/**
 * The load order as the service works it out, so that a move shows at once where it leads: what must come before a
 * package comes right before it, and what nobody asked for is as the player put it (decision 0015).
 */
import type { OrderStep, PackageKey } from '$lib/api/api';

export const keyOf = ({ source, id }: PackageKey): string => `${source} ${id}`;

/** One wish, by keys. */
export interface OrderWish {
  earlier: string;
  later: string;
  /** Code of the sentence. */
  reason: string;
}

export const wishOf = ({ earlier, later, reason }: OrderStep): OrderWish => ({ earlier: keyOf(earlier), later: keyOf(later), reason });

/** The order that comes of what the player wants. Wishes that go round in a circle are not followed round. */
export function settled(wanted: readonly string[], wishes: readonly OrderWish[]): string[] {
  const rank = new Map(wanted.map((key, index) => [key, index]));
  const before = new Map<string, string[]>();
  for (const { earlier, later } of wishes) if (rank.has(earlier)) before.set(later, [...(before.get(later) ?? []), earlier]);
  for (const list of before.values()) list.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  const seen = new Set<string>();
  const sequence: string[] = [];
  for (const start of wanted) {
    const open = seen.has(start) ? [] : [{ key: start, next: 0 }];
    seen.add(start);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const earlier = before.get(top.key)?.[top.next];
      top.next += 1;
      if (earlier === undefined) {
        sequence.push(top.key);
        open.pop();
      } else if (!seen.has(earlier)) {
        seen.add(earlier);
        open.push({ key: earlier, next: 0 });
      }
    }
  }
  return sequence;
}

/** Puts some packages, in their order, before the one at `to`, or at the end. */
export function moved(order: readonly string[], chosen: ReadonlySet<string>, to: number): string[] {
  const stay = (key: string): boolean => !chosen.has(key);
  return [...order.slice(0, to).filter(stay), ...order.filter((key) => chosen.has(key)), ...order.slice(to).filter(stay)];
}

/** Wishes of and about the chosen packages that another order does not fulfil. */
export function against(wanted: readonly string[], chosen: ReadonlySet<string>, wishes: readonly OrderWish[]): OrderWish[] {
  const rank = new Map(wanted.map((key, index) => [key, index]));
  const at = (key: string): number => rank.get(key) ?? -1;
  return wishes.filter(({ earlier, later }) => (chosen.has(earlier) || chosen.has(later)) && rank.has(earlier) && rank.has(later) && at(earlier) > at(later));
}

export const sameOrder = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((key, index) => key === b[index]);
