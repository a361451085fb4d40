import { expect, it } from 'vitest';
import type { CollectionMember, Job, MemberState } from '$lib/api/api';
import { canChoose, countActions, countStates, nothingChosen, sorted, standing, toggled, workFor } from './collections';

const member = (id: string, state: MemberState, optional = false): CollectionMember => ({ source: 'ckan', id, title: id, range: 'any', optional, state, source_here: true });

it('shows what needs a look first, and keeps the order of the list otherwise', () => {
  const members = [member('a', 'here'), member('b', 'missing'), member('c', 'here'), member('d', 'comes')];
  expect(sorted(members).map(({ id }) => id)).toEqual(['b', 'd', 'a', 'c']);
  expect(countStates(members)).toEqual([{ state: 'missing', count: 1 }, { state: 'comes', count: 1 }, { state: 'here', count: 2 }]);
});

it('takes an answer back when it is given again', () => {
  for (const state of ['comes', 'not-chosen', 'left-out', 'taken-out'] as const) {
    const one = member('a', state);
    expect(canChoose(one)).toBe(true);
    const once = toggled(nothingChosen, one);
    expect(once[state === 'comes' ? 'without' : 'with'].size).toBe(1);
    expect(toggled(once, one)).toEqual(nothingChosen);
  }
  expect(['here', 'yours', 'missing', 'goes'].some((state) => canChoose(member('a', state as MemberState)))).toBe(false);
});

it('says what there is to do', () => {
  const plan = {} as never;
  expect(standing({ to: '1.0.0' })).toBe('new');
  expect(standing({ from: '1.0.0', to: '1.1.0', plan })).toBe('update');
  expect(standing({ from: '1.0.0', to: '1.0.0', plan })).toBe('offers');
  expect(standing({ from: '1.0.0', to: '1.0.0' })).toBe('whole');
});

it('counts a difference without what is not in it', () => {
  expect(countActions([{ action: 'add' }, { action: 'change' }, { action: 'add' }])).toEqual([{ action: 'add', count: 2 }, { action: 'change', count: 1 }]);
});

it('follows the newest work that is about the collection', () => {
  const job = (id: string, phase: Job['phase'], created: string, about: string): Job => ({ id, kind: 'change', phase, profile: 'p', subjects: [], members: [{ title: '', size: 0, source: 'ckan', id: about }], done: 0, total: 0, created, updated: created, can_cancel: false });
  const key = { source: 'ckan', id: 'list' };
  const jobs = [job('1', 'failed', '2026-01-01', 'list'), job('2', 'fetching', '2026-01-02', 'list'), job('3', 'fetching', '2026-01-03', 'other')];
  expect(workFor(jobs, key, 'p')?.id).toBe('2');
  expect(workFor(jobs, key, 'other profile')).toBeUndefined();
  expect(workFor([...jobs, job('4', 'done', '2026-01-04', 'list')], key, 'p')).toBeUndefined();
});
