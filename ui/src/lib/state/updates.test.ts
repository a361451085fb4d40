import { beforeEach, expect, it, vi } from 'vitest';
import type { PlanItem, PlanPreview, ProfileEntry } from '$lib/api/api';

const call = vi.hoisted(() => vi.fn());
vi.mock('./bridge', () => ({ api: () => ({ call }) }));

import { alongside, sorted, UpdateChoice } from './updates.svelte';

const entry = (id: string, extra: Partial<ProfileEntry> = {}): ProfileEntry => ({ source: 'ckan', id, title: id, publisher: '', seal: 'verified', kind: 'mod', version: '1.0', size: 9, enabled: true, wished: true, needed_by: [], ...extra });
const item = (id: string, to: string, size = 9, here = 0): PlanItem => ({ action: 'change', source: 'ckan', id, title: id, publisher: '', from: '1.0', to, size, here, needed_by: [], seal: 'verified', signature: 'author' });
const plan = (...items: PlanItem[]): PlanPreview => ({ profile: 'p', digest: 'd', items, keeps: 0, download: 0, here: 0, unpacked: 0, notices: [] });

const lamp = entry('lamp', { update: '1.1' });
const tide = entry('tide', { update: '2.0' });

beforeEach(() => call.mockReset());

it('keeps apart what is offered, held and skipped; what is both is held', () => {
  const held = entry('debts', { update: '2', held: 'spring' });
  const skipped = entry('gulls', { skipped: '3' });
  const both = entry('bells', { skipped: '3', held: '' });
  const { offered, held: keeps, skipped: passes } = sorted([lamp, held, entry('old', { held: '' }), skipped, both, entry('new')]);
  expect([offered, keeps, passes].map((list) => list.map(({ id }) => id))).toEqual([['lamp'], ['debts', 'bells'], ['gulls']]);
});

it('names what comes besides what was chosen', () => {
  expect(alongside([item('lamp', '1.1'), item('base', '2')], [lamp]).map(({ id }) => id)).toEqual(['base']);
});

it('asks for exactly what is chosen, and agrees to the plan that was shown', async () => {
  const it = new UpdateChoice('p');
  it.choose([tide], false);
  call.mockResolvedValueOnce(plan(item('lamp', '1.1')));
  await it.look(it.chosen([lamp, tide]));
  expect(call.mock.calls[0]?.[1].body).toMatchObject({ profile: 'p', update: [{ source: 'ckan', id: 'lamp' }], update_all: false });
  call.mockResolvedValueOnce({ change: 1 });
  expect(await it.agree([lamp])).toBe(true);
  expect(call.mock.calls[1]?.[1].body).toMatchObject({ update: [{ source: 'ckan', id: 'lamp' }], agreed: 'd' });
});

it('knows what a row costs also while it is not chosen, and which one cannot move', async () => {
  const it = new UpdateChoice('p');
  call.mockResolvedValueOnce(plan(item('lamp', '1.1', 10, 4)));
  await it.look([lamp, tide]);
  expect([it.itemOf(lamp)?.to, it.itemOf(tide)]).toEqual(['1.1', undefined]);
  it.choose([lamp, tide], false);
  await it.look(it.chosen([lamp, tide]));
  expect([call.mock.calls.length, it.plan.data, it.costOf(lamp), it.costOf(tide)]).toEqual([1, undefined, 6, undefined]);
});

it('skips the version that was shown, and puts it back', async () => {
  call.mockResolvedValue({ change: 1 });
  const it = new UpdateChoice('p');
  await it.skip(lamp, '1.1');
  await it.skip(entry('lamp', { skipped: '1.1' }), undefined);
  expect(call.mock.calls.map(([, input]) => input.body.skip)).toEqual([[{ source: 'ckan', id: 'lamp', version: '1.1' }], [{ source: 'ckan', id: 'lamp' }]]);
});
