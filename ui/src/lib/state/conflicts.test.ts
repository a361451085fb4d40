import { expect, it } from 'vitest';
import type { FileConflict } from '$lib/api/api';
import { isReal, reasonLines } from './conflicts';

const key = (id: string) => ({ source: 's', id });
const file = (path: string, same: boolean): FileConflict => ({ place: 'mods', path, winner: key('Lamp'), losers: [{ ...key('Bell'), why: 'win-new-reason', same_content: same }] });

it('tells files whose winner matters from equal ones', () => {
  expect([isReal(file('a', true)), isReal(file('b', false))]).toEqual([false, true]);
});

it('says who wins also for a reason that it does not know, and when it changes nothing', () => {
  expect(reasonLines(file('a', false), ({ id }) => id)).toEqual(['Lamp wins over Bell.']);
  expect(reasonLines(file('a', true), ({ id }) => id)[0]).toContain('the same');
});

it('names everybody who lost by the load order in one sentence, and those who ask for something one by one', () => {
  const losers = ['Bell', 'Tide', 'Gate'].map((id) => ({ ...key(id), why: 'win-order', same_content: false }));
  const asks = { ...key('Moss'), why: 'win-load-before', same_content: false };
  const lines = reasonLines({ ...file('a', false), losers: [...losers, asks] }, ({ id }) => id);
  expect(lines).toEqual(['Lamp wins over Bell, Tide and Gate by the load order.', 'Lamp wins over Moss, which asks to be loaded before it.']);
});
