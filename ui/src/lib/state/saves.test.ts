import { beforeEach, expect, it } from 'vitest';
import { withTexts } from '$lib/i18n/i18n.svelte';
import { ApiError, localProblem, type Api, type Saves, type SavesSnapshot } from '$lib/api/api';
import { setApi } from './bridge';
import { notices } from './notices.svelte';
import { goesUnder, isTooTight, savesState, snapshotReason } from './saves.svelte';

const snapshot = (number: number): SavesSnapshot => ({ number, at: '2026-11-20T10:00:00Z', why: { code: 'by-hand' }, saves: [{ kind: 'worlds', name: 'Harbour' }], files: 3, size: 100, left_out: 0 });
const saves = (...numbers: number[]): Saves => ({ when: 'off', quota: 1_000, keep: 10, folders: [{ kind: 'worlds', folder: '/w' }], snapshots: numbers.map(snapshot), used: 300 });

let calls: [string, unknown][];
let answer: (id: string) => unknown;
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(async () => {
  await withTexts(Promise.resolve());
  calls = [];
  notices.list = [];
  answer = (id) => (id === 'saves' ? saves(3, 2, 1) : { change: 1, created: '4' });
  setApi({
    call: (id: string, input: { path?: unknown; body?: unknown }) => {
      if (id !== 'saves') calls.push([id, { ...(input.path as object), ...(input.body as object) }]);
      const reply = answer(id);
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
    },
  } as unknown as Api);
  savesState.show('p');
  await settle();
});

it('says why a snapshot was taken', () => {
  expect(snapshotReason({ code: 'by-hand' })).toBe('taken by hand');
  expect(snapshotReason({ code: 'before-restore', context: { number: '7' } })).toContain('7');
  expect(snapshotReason({ code: 'before-update', context: { titles: 'HUD Core' } })).toBe('before: Updated HUD Core');
  expect(snapshotReason({ code: 'before-something-new' })).toContain('something-new');
});

it('counts what goes at once under other rules, and never the newest', () => {
  expect([10, 2, 1, 0].map((keep) => goesUnder(saves(3, 2, 1), { keep }))).toEqual([0, 1, 2, 2]);
  expect([isTooTight(saves(3, 2, 1), { quota: 299 }), isTooTight(saves(3, 2, 1), { quota: 300 }), isTooTight(saves(3), { quota: 1 })]).toEqual([true, false, false]);
});

it('brings named saves back, and undo brings those back that were there', async () => {
  await savesState.bringBack(snapshot(2), [{ kind: 'worlds', name: 'Harbour' }]);
  const undo = notices.undoable()?.undo;
  expect(typeof undo).toBe('function');
  if (typeof undo === 'function') await undo();
  expect(calls).toEqual([
    ['restore-saves', { profile: 'p', snapshot: '2', saves: ['Harbour'] }],
    ['restore-saves', { profile: 'p', snapshot: '4', saves: ['Harbour'] }],
  ]);
});

it('offers no undo where nothing was there before', async () => {
  answer = (id) => (id === 'saves' ? saves(3) : { change: 1 });
  await savesState.bringBack(snapshot(3), []);
  expect(notices.current?.undo).toBeUndefined();
});

it('says that nothing changed since the newest snapshot', async () => {
  answer = (id) => (id === 'saves' ? saves(3) : { change: 1, created: '3' });
  await savesState.snapshot();
  const same = notices.current?.text;
  answer = (id) => (id === 'saves' ? saves(4, 3) : { change: 1, created: '4' });
  await savesState.snapshot();
  expect(notices.current?.text).not.toBe(same);
});

it('tells why it failed, and is free again', async () => {
  answer = (id) => (id === 'saves' ? saves(3) : new ApiError(localProblem('game-running', 'x')));
  await savesState.snapshot();
  expect(notices.current?.problem?.code).toBe('game-running');
  expect(savesState.busy).toBeUndefined();
});

it('lets rules that take nothing away be taken back, others not', async () => {
  await savesState.setBounds({ quota: 1_000, keep: 5 });
  expect(notices.current?.undo).toBeDefined();
  await savesState.setBounds({ quota: 1_000, keep: 2 });
  expect(notices.current?.undo).toBeUndefined();
});
