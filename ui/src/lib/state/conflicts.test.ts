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
