import { beforeEach, expect, it } from 'vitest';
import type { Api, ChangeRequest, Event, EventPayload, PackageState, Snapshot, StreamItem } from '$lib/api/api';
import { setApi } from './bridge';
import { live } from './live.svelte';
import { PackageView } from './package.svelte';

const key = { source: 's', id: 'a/lamp' };
/** What the service knows of the package, and what it was asked to plan. */
let status: PackageState;
let asked: Partial<ChangeRequest>[];

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const snapshot = { jobs: [], transfers: { transfers: [] }, profiles: [{ id: 'p', game: 'g', active: true }], sources: [], settings: {}, status: { reasons: [] } };

beforeEach(async () => {
  asked = [];
  const call = (operation: string, input: { body?: ChangeRequest }): Promise<unknown> => {
    if (operation === 'plan') asked.push({ install: input.body?.install ?? [], update: input.body?.update ?? [] });
    return Promise.resolve(operation === 'package' ? { ...key, status } : { entries: [] });
  };
  setApi({
    call,
    subscribe: (listener: (item: StreamItem) => void) => {
      listener({ type: 'event', event: { number: 0, change: 0, ...({ topic: 'snapshot', data: snapshot } as unknown as EventPayload & { data: Snapshot }) } as Event });
      return Promise.resolve(() => Promise.resolve());
    },
  } as unknown as Api);
  await live.start();
});

it('plans what its button does: an update, once it is known that there is one', async () => {
  status = { state: 'update', version: '1.0.0', available: '1.1.0' };
  const view = new PackageView();
  view.show(key, false);
  await settle();
  expect(asked.at(-1)).toEqual({ install: [], update: [key] });
  view.choose('1.0.0');
  expect(asked.at(-1)).toEqual({ install: [{ ...key, range: '=1.0.0' }], update: [] });
});

it('plans once where a list said it before', async () => {
  status = { state: 'absent' };
  const view = new PackageView();
  view.show({ ...key, status }, false);
  await settle();
  expect(asked).toEqual([{ install: [key], update: [] }]);
});
