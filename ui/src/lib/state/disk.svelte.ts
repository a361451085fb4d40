/** What Muster takes on the disks. */
import type { DiskUsage, StoreSpace } from '$lib/api/api';
import { api } from './bridge';
import { Resource } from './resource.svelte';

/** The parts of what a store takes, in the order in which they are shown. */
export const diskParts = ['unique', 'shared', 'history', 'reclaimable'] as const;
export type DiskPart = (typeof diskParts)[number];

export function storeTotal(store: StoreSpace): number {
  return diskParts.reduce((sum, part) => sum + store[part], 0);
}

/** Of each part that is more than nothing: how wide it is, in percent of all. */
export function shares(store: StoreSpace): { part: DiskPart; percent: number }[] {
  const total = storeTotal(store);
  return diskParts.filter((part) => store[part] > 0).map((part) => ({ part, percent: (store[part] / total) * 100 }));
}

class DiskState {
  usage = new Resource<DiskUsage>();

  load(): void {
    void this.usage.load((signal) => api().call('disk', {}, signal));
  }
}

export const diskState = new DiskState();
