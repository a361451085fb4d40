import { beforeEach, expect, it } from 'vitest';
import type { Api, Event, EventPayload, Snapshot, StreamItem } from '$lib/api/api';
import { setApi } from './bridge';
import { live } from './live.svelte';

let send: (item: StreamItem) => void;
let subscriptions = 0;

const snapshot = { status: { reasons: [] }, jobs: [], transfers: { transfers: [], paused: false, down: 0, down_peers: 0, down_servers: 0, up: 0 }, profiles: [], sources: [], settings: {} } as unknown as Snapshot;
const item = (number: number, payload: EventPayload): StreamItem => ({ type: 'event', event: { number, change: 0, ...payload } as Event });

beforeEach(async () => {
  subscriptions = 0;
  setApi({
    subscribe: (listener) => {
      subscriptions += 1;
      send = listener;
      return Promise.resolve(() => Promise.resolve());
    },
  } as Partial<Api> as Api);
  await live.start();
  send(item(0, { topic: 'snapshot', data: snapshot }));
});

it('is live after the snapshot and follows numbered events', () => {
  send(item(1, { topic: 'sources', data: [{ id: 'a' }] as never }));
  expect([live.connection, live.sources.length, subscriptions]).toEqual(['live', 1, 1]);
});

it('asks for a new snapshot when a number is missing, and does not apply what came after the gap', async () => {
  send(item(2, { topic: 'sources', data: [{ id: 'b' }, { id: 'c' }] as never }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect([live.sources.length, subscriptions]).toEqual([0, 2]);
});

it('keeps what it knew when the service is gone, and says so', () => {
  send(item(1, { topic: 'sources', data: [{ id: 'a' }] as never }));
  send({ type: 'lost' });
  expect([live.connection, live.usable, live.sources.length]).toEqual(['lost', false, 1]);
  send(item(0, { topic: 'snapshot', data: snapshot }));
  expect(live.usable).toBe(true);
});

it('fills in what a job is about where that was told before', () => {
  const job = { id: 'j', phase: 'fetching', subjects: ['Lamps'], members: [{ id: 'm' }] };
  send(item(1, { topic: 'job', data: { ...job, is_as_before: false } as never }));
  const seen: unknown[] = [];
  const stop = live.watch((event) => seen.push(event.topic === 'job' && event.data.subjects));
  send(item(2, { topic: 'job', data: { ...job, phase: 'done', subjects: [], members: [], is_as_before: true } as never }));
  stop();
  expect([live.job('j')?.phase, live.job('j')?.subjects, live.job('j')?.members.length]).toEqual(['done', ['Lamps'], 1]);
  expect(seen).toEqual([['Lamps']]);
});
