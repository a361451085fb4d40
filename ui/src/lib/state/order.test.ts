import { describe, expect, it } from 'vitest';
import { against, moved, sameOrder, settled, type OrderWish } from './order';

const wish = (earlier: string, later: string): OrderWish => ({ earlier, later, reason: 'order-needs' });
const order = (text: string): string[] => [...text];

describe('the order that comes of a wish', () => {
  it('puts what must come before a package right before it, as the service does', () => {
    expect(settled(order('dbca'), [wish('a', 'c')]).join('')).toBe('dbac');
    expect(settled(order('abcd'), [wish('b', 'a'), wish('d', 'b')]).join('')).toBe('dbac');
  });

  it('is the player’s where nobody asks for anything', () => {
    expect(settled(order('cab'), [wish('x', 'a')]).join('')).toBe('cab');
  });

  it('has every package once, whatever the wishes are', () => {
    const circle = [wish('a', 'b'), wish('b', 'c'), wish('c', 'a'), wish('d', 'd')];
    expect(settled(order('abcd'), circle).sort().join('')).toBe('abcd');
  });

  it('needs no deep stack for long chains', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => String(index));
    const wishes = many.slice(1).map((key, index) => wish(key, String(index)));
    expect(sameOrder(settled(many, wishes), many.toReversed())).toBe(true);
  });
});

describe('a move', () => {
  it('goes before the row it is let go at, in the order in which the packages were', () => {
    expect(moved(order('abcdef'), new Set(['b', 'e']), 3).join('')).toBe('acbedf');
    expect(moved(order('abc'), new Set(['a']), 3).join('')).toBe('bca');
    expect(moved(order('abc'), new Set(['c']), 0).join('')).toBe('cab');
    expect(moved(order('abc'), new Set(['b']), 1).join('')).toBe('abc');
  });

  it('tells the wishes that it goes against, and no others', () => {
    const wishes = [wish('a', 'c'), wish('a', 'b'), wish('x', 'c')];
    expect(against(order('cab'), new Set(['c']), wishes)).toEqual([wishes[0]]);
    expect(against(order('abc'), new Set(['c']), wishes)).toEqual([]);
  });
});
