import { expect, it } from 'vitest';
import { Paged } from './paged.svelte';

const rows = (offset: number, limit: number, total: number, name: string): string[] =>
  Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => `${name}${offset + index}`);

it('asks only for pages that are on screen and keeps two either side', async () => {
  const asked: number[] = [];
  const list = new Paged<string>();
  await list.open((offset, limit) => {
    asked.push(offset);
    return Promise.resolve({ total: 5_000, rows: rows(offset, limit, 5_000, 'a') });
  }, false);
  list.show(950, 970);
  await Promise.resolve();
  await Promise.resolve();
  expect(asked).toEqual([0, 900]);
  expect(list.row(955)).toBe('a955');
  expect(list.row(0)).toBeUndefined();
  expect(list.total).toBe(5_000);
});

it('drops late replies of an older query and keeps old rows until the new ones are here', async () => {
  const list = new Paged<string>();
  await list.open((offset, limit) => Promise.resolve({ total: 3, rows: rows(offset, limit, 3, 'old') }), false);
  let answerSlow: (page: { total: number; rows: string[] }) => void = () => undefined;
  const slow = list.open(() => new Promise((resolve) => (answerSlow = resolve)), false);
  expect(list.row(0)).toBe('old0');
  await list.open((offset, limit) => Promise.resolve({ total: 2, rows: rows(offset, limit, 2, 'new') }), false);
  answerSlow({ total: 9, rows: ['late'] });
  await slow;
  expect([list.total, list.row(0)]).toEqual([2, 'new0']);
});

it('keeps the last good rows beside an error', async () => {
  const list = new Paged<string>();
  await list.open((offset, limit) => Promise.resolve({ total: 3, rows: rows(offset, limit, 3, 'a') }), false);
  await list.open(() => Promise.reject(new Error('gone')), true);
  expect(list.problem?.code).toBe('service-unreachable');
  expect(list.row(1)).toBe('a1');
});
