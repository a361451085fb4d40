import { expect, it } from 'vitest';
import type { DifferenceItem, Generation } from '$lib/api/api';
import { countsOf, stateText, toForget } from './history.svelte';

const now = Date.parse('2026-11-20T12:00:00Z');
const state = (number: number, daysAgo: number, extra: Partial<Generation> = {}): Generation => ({
  number, at: new Date(now - daysAgo * 86_400_000).toISOString(), cause: { code: 'install', context: { titles: 'Lamp' } }, current: false, ...extra,
});
const states = [state(9, 1, { current: true }), state(8, 10), state(7, 200, { name: 'Before the sale' }), state(6, 201), state(5, 300), state(0, 400)];

it('lets go what neither its number nor its age keeps', () => {
  expect(toForget(states, { keep: 0, days: 0 }, now)).toEqual([8, 6, 5]);
  expect(toForget(states, { keep: 4, days: 0 }, now)).toEqual([5]);
  expect(toForget(states, { keep: 0, days: 250 }, now)).toEqual([5]);
  expect(toForget(states, { keep: 50, days: 180 }, now)).toEqual([]);
});

it('counts what a step added, removed and changed', () => {
  const items = (['add', 'add', 'remove', 'change', 'enable', 'disable'] as const).map((action) => ({ action }) as DifferenceItem);
  expect(countsOf({ items })).toEqual({ added: 2, removed: 1, changed: 3 });
});

it('calls a state by its name, or by what made it', () => {
  expect(stateText(states[2] as Generation)).toBe('Before the sale');
  expect(stateText(states[1] as Generation)).toBe('Installed Lamp');
});
