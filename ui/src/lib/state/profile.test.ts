import { beforeEach, expect, it } from 'vitest';
import type { Api, Event, EventPayload, ProfileDetail, Snapshot, StreamItem } from '$lib/api/api';
import { setApi } from './bridge';
import { watchJobs } from './jobs';
import { live } from './live.svelte';
import { profileState } from './profile.svelte';

let send: (payload: EventPayload, change: number) => void;
/** What the service holds, and the reply to a change that it still keeps back. */
let enabled: boolean;
let reply: (changed: unknown) => void;

const nothing = { jobs: [], transfers: { transfers: [] }, profiles: [], sources: [], settings: {}, status: { reasons: [] } };
const job = (phase: string) => ({ topic: 'job', data: { id: 'job', kind: 'change', phase, subjects: ['Lamp'] } }) as unknown as EventPayload;
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const shown = () => profileState.entries.map((entry) => [entry.enabled, profileState.isPending(entry)]);

watchJobs();
profileState.watch();

beforeEach(async () => {
  let number = 0;
  enabled = true;
  const call = (operation: string): Promise<unknown> => {
    if (operation === 'change') return new Promise((resolve) => (reply = resolve));
    if (operation === 'profile') return Promise.resolve({ entries: [{ source: 's', id: 'a/lamp', title: 'Lamp', publisher: 'a', enabled }] } as unknown as ProfileDetail);
    return Promise.resolve({ packages: [], wishes: [], cycles: [] });
  };
  setApi({
    call,
    subscribe: (listener: (item: StreamItem) => void) => {
      send = (payload, change) => listener({ type: 'event', event: { number: number++, change, ...payload } as Event });
      return Promise.resolve(() => Promise.resolve());
    },
  } as unknown as Api);
  await live.start();
  send({ topic: 'snapshot', data: nothing as unknown as Snapshot }, 0);
  profileState.show(undefined);
  profileState.show('p');
  await settle();
});

it('shows a switch at once, and until it is over', async () => {
  const done = profileState.toggle(profileState.entries, false);
  expect(shown()).toEqual([[false, true]]);
  reply({ change: 7, job: 'job' });
  // Another change of the profile is no answer to this one.
  send({ topic: 'profile-changed', data: { profile: 'p' } }, 8);
  await settle();
  expect(shown()).toEqual([[false, true]]);
  enabled = false;
  send(job('done'), 9);
  await done;
  expect(shown()).toEqual([[false, false]]);
});

it('confirms a switch whose end was told before its reply, with a smaller number', async () => {
  const done = profileState.toggle(profileState.entries, false);
  enabled = false;
  send(job('done'), 6);
  send({ topic: 'profile-changed', data: { profile: 'p' } }, 6);
  await settle();
  reply({ change: 7, job: 'job' });
  await done;
  expect(shown()).toEqual([[false, false]]);
});

it('shows what is true again where a switch failed', async () => {
  const done = profileState.toggle(profileState.entries, false);
  reply({ change: 7, job: 'job' });
  await settle();
  send(job('failed'), 8);
  await done;
  expect(shown()).toEqual([[true, false]]);
});

it('keeps the newest of two switches of the same package', async () => {
  const first = profileState.toggle(profileState.entries, false);
  const answer = reply;
  const second = profileState.toggle(profileState.entries, true);
  answer({ change: 7 });
  await first;
  enabled = true;
  expect(shown()).toEqual([[true, true]]);
  reply({ change: 8 });
  await second;
  expect(shown()).toEqual([[true, false]]);
});
