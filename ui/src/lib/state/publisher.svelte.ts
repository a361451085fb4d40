/** A publisher as one source knows it: packages, keys, and pages where tips are taken. */
import type { PackageDetail, PackageRow } from '$lib/api/api';
import { api } from './bridge';
import { live } from './live.svelte';
import { place } from './place.svelte';
import { Resource } from './resource.svelte';

/** Packages whose pages are read for tips; the first one also says which keys there are. */
const looked = 6;
const most = 200;

export interface Tip {
  host: string;
  address: string;
  /** Titles of the packages that name it. */
  titles: string[];
}

/** Each page once, with who names it; only web pages count. */
export function tipsOf(details: Pick<PackageDetail, 'title' | 'tips'>[]): Tip[] {
  const tips = new Map<string, Tip>();
  for (const { title, tips: own } of details) {
    for (const address of own) {
      if (!URL.canParse(address) || new URL(address).protocol !== 'https:') continue;
      const tip = tips.get(address) ?? { host: new URL(address).host, address, titles: [] };
      tips.set(address, { ...tip, titles: [...tip.titles, title] });
    }
  }
  return [...tips.values()];
}

export class PublisherState {
  packages = new Resource<PackageRow[]>();
  details = new Resource<PackageDetail[]>();
  focus = $state(0);
  #source = '';
  #publisher = '';

  /** What the newest known page says of the keys; all packages of a publisher have the same. */
  trust = $derived(this.details.data?.find(({ trust }) => trust.key !== undefined)?.trust);
  tips = $derived(tipsOf(this.details.data ?? []));

  show(source: string, publisher: string): void {
    if (source !== this.#source || publisher !== this.#publisher) {
      this.packages.clear();
      this.details.clear();
      this.focus = 0;
    }
    [this.#source, this.#publisher] = [source, publisher];
    void this.reload();
  }

  async reload(): Promise<void> {
    const [source, publisher] = [this.#source, this.#publisher];
    const value = /\s/.test(publisher) ? `"${publisher}"` : publisher;
    const profile = place.profile?.id;
    const query = { q: `publisher:${value}`, sort: 'downloads' as const, offset: 0, limit: most, ...(profile !== undefined && { profile }) };
    await this.packages.load(async (signal) => {
      const { rows } = await api().call('search', { query }, signal);
      return rows.filter((row) => row.source === source && row.publisher === publisher);
    });
    const rows = this.packages.data?.slice(0, looked) ?? [];
    if (rows.length > 0) void this.details.load((signal) => Promise.all(rows.map(({ source, id }) => api().call('package', { path: { source, id } }, signal))));
  }

  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'catalog' || event.topic === 'profile-changed' || event.topic === 'snapshot') void this.reload();
    });
  }
}
