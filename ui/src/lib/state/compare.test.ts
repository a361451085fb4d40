import { describe, expect, it } from 'vitest';
import { changesOnly, compared, linesOf, matches } from './compare';

const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('');

/** A number for a seed, evenly spread enough for tests. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('lines that are the same', () => {
  it('are equal, in order, and as many as can be', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const next = numbers(seed);
      const made = (): string[] => Array.from({ length: next(12) }, () => 'abcd'[next(4)] ?? 'a');
      const [a, b] = [made(), made()];
      const found = [...matches(a, b)].map((to, from) => [from, to] as const).filter(([, to]) => to >= 0);
      for (const [from, to] of found) expect(a[from]).toBe(b[to]);
      for (const [index, [, to]] of found.entries()) if (index > 0) expect(to).toBeGreaterThan(found[index - 1]?.[1] ?? -1);
      const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
      for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) {
        (longest[i] as number[])[j] = a[i] === b[j] ? 1 + (longest[i + 1]?.[j + 1] ?? 0) : Math.max(longest[i + 1]?.[j] ?? 0, longest[i]?.[j + 1] ?? 0);
      }
      expect(found.length, `${a.join('')} ${b.join('')}`).toBe(longest[0]?.[0]);
    }
  });

  it('are found at the ends of texts that are too different to go through', () => {
    const a = ['first', ...Array.from({ length: 4_000 }, (_, index) => `a${index}`), 'last'];
    const b = ['first', ...Array.from({ length: 4_000 }, (_, index) => `b${index}`), 'last'];
    const found = matches(a, b);
    expect([found[0], found[1], found.at(-1)]).toEqual([0, -1, 4_001]);
  });
});

describe('three versions side by side', () => {
  const base = text('fov = 72', 'volume = 5', 'lang = en');

  it('say whose each change is', () => {
    const rows = compared(base, text('fov = 90', 'volume = 5', 'lang = en'), text('fov = 72', 'volume = 5', 'lang = en', 'shadows = on'));
    expect(rows).toEqual([
      { base: 'fov = 72', mine: 'fov = 90', theirs: 'fov = 72', by: 'mine' },
      { base: 'volume = 5', mine: 'volume = 5', theirs: 'volume = 5', by: 'nobody' },
      { base: 'lang = en', mine: 'lang = en', theirs: 'lang = en', by: 'nobody' },
      { theirs: 'shadows = on', by: 'theirs' },
    ]);
  });

  it('tell the same change by both from two different ones', () => {
    const change = (fov: string): string => text(`fov = ${fov}`, 'volume = 5', 'lang = en');
    expect(compared(base, change('90'), change('110'))[0]?.by).toBe('both');
    expect(compared(base, change('90'), change('90'))[0]?.by).toBe('alike');
  });

  it('have every line of each version once and in order', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const next = numbers(seed);
      const made = (): string => text(...Array.from({ length: next(14) }, () => 'abcde'[next(5)] ?? 'a'));
      const versions = { base: made(), mine: made(), theirs: made() };
      const rows = compared(versions.base, versions.mine, versions.theirs);
      for (const side of ['base', 'mine', 'theirs'] as const) {
        expect(rows.flatMap((row) => row[side] ?? [])).toEqual(linesOf(versions[side]));
      }
    }
  });
});

it('leaves out what nobody changed, and says how much', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  const other = lines.with(20, 'mine');
  const rows = changesOnly(compared(text(...lines), text(...other), text(...lines)));
  expect(rows.length).toBe(7);
  expect(rows[0]).toMatchObject({ base: 'line 17', skipped: 17 });
  expect(changesOnly(compared(text(...lines), text(...lines), text(...lines)))).toEqual([]);
});
