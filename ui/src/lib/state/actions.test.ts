import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Api, Changed, Event, EventPayload, Job, Settings, Snapshot, StreamItem } from '$lib/api/api';
import { change, settingsBefore, undo } from './actions';
import { setApi } from './bridge';
import { watchJobs } from './jobs';
import { live } from './live.svelte';
import { notices } from './notices.svelte';

let send: (item: StreamItem) => void;
let number: number;
let replies: ((changed: Changed) => void)[];
let undone: string[];
let stopWatching: () => void;

const snapshot = (jobs: Job[]) => ({ status: { reasons: [] }, jobs, transfers: { transfers: [] }, profiles: [], sources: [], settings: {} }) as unknown as Snapshot;
const tell = (payload: EventPayload) => {
  send({ type: 'event', event: { number, change: 0, ...payload } as Event });
  number += 1;
};
const job = (id: string, phase: Job['phase']) => ({ id, kind: 'change', phase, subjects: [id], members: [] }) as unknown as Job;
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(async () => {
  number = 0;
  replies = [];
  undone = [];
  notices.list = [];
  setApi({
    subscribe: (listener: (item: StreamItem) => void) => {
      send = listener;
      return Promise.resolve(() => Promise.resolve());
    },
    call: (id: string, { path }: { path?: Record<string, string> } = {}) => {
      if (id === 'undo') undone.push(path?.token ?? '');
      return id === 'undo' ? Promise.resolve({ change: 9 }) : new Promise((resolve) => replies.push(resolve as never));
    },
  } as unknown as Api);
  await live.start();
  stopWatching = watchJobs();
  tell({ topic: 'snapshot', data: snapshot([]) });
});

afterEach(() => stopWatching());

it('undoes the newest change even when its reply has not come yet, never the one before it', async () => {
  void change({}, 'changed');
  replies[0]?.({ change: 1, undo: 'older' });
  await settle();
  void change({}, 'changed');
  void undo();
  await settle();
  expect(undone).toEqual([]);
  replies[1]?.({ change: 2, undo: 'newer' });
  await settle();
  expect(undone).toEqual(['newer']);
});

it('waits for the job of the newest change, and for no job that the service has forgotten', async () => {
  for (const [id, end] of [['a', () => tell({ topic: 'job', data: { ...job('a', 'done'), is_as_before: false } })], ['b', () => tell({ topic: 'snapshot', data: snapshot([]) })]] as const) {
    void change({}, 'changed');
    replies.pop()?.({ change: 1, job: id, undo: `undo-${id}` });
    tell({ topic: 'job', data: { ...job(id, 'fetching' as Job['phase']), is_as_before: false } });
    await settle();
    const before = undone.length;
    const wait = undo();
    await settle();
    expect(undone.length).toBe(before);
    end();
    await wait;
  }
  expect(undone).toEqual(['undo-a']);
});

it('knows what puts settings back', () => {
  const now = { language: 'de', upload_limit: 5, upload_auto: true, theme: 'dark' } as unknown as Settings;
  expect(settingsBefore({ language: '', upload_limit: 0 }, now)).toEqual({ language: 'de', upload_limit: 5, upload_auto: true });
  expect(settingsBefore({ offline: true }, now)).toEqual({ offline: false });
  expect(settingsBefore({ language: '' }, undefined)).toBeUndefined();
});
