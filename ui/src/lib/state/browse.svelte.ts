/** Browse: the query, its results, and the package that the inspector shows. */
import type { Facet, PackageKey, PackageRow, Reply, Sort } from '$lib/api/api';
import { router } from '$lib/router/router.svelte';
import { api } from './bridge';
import { live } from './live.svelte';
import { Paged, pageSize } from './paged.svelte';
import { place } from './place.svelte';
import { cycleFacet, mergeFacets, parseQuery, queryText, takeFacets, type FacetTerm } from './query';
import { suggested } from './suggested.svelte';

const addressDelay = 150;
/** The profile that the list was for when the window was left; kept on this machine. */
const stored = 'muster-list-profile';
/** A list that was asked for before the snapshot is asked for once more, this long (ms) after it was shown. */
const againAfter = 1500;

interface Asked {
  q: string;
  sort: Sort;
  profile?: string;
}
const sorts: readonly string[] = ['relevance', 'downloads', 'trending', 'newest', 'updated', 'name'];

class Browse {
  words = $state('');
  facets = $state.raw<FacetTerm[]>([]);
  sort = $state<Sort>('relevance');
  results = new Paged<PackageRow>();
  counts = $state.raw<Facet[]>([]);
  all = $state(0);
  didYouMean = $state<string | undefined>(undefined);
  /** Index of the row that the inspector shows. */
  focus = $state(0);
  #shown = '';
  #addressTimer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;
  #ahead: { of: string; page: Promise<Reply<'search'> | undefined> } | undefined;

  q = $derived(queryText({ words: this.words, facets: this.facets }));
  selected = $derived.by((): PackageRow | undefined => this.results.row(this.focus));

  /** The address says what to show: first visit, Back, a link inside the window. */
  follow(q: string, sort: string): void {
    if (q !== this.q) {
      const query = parseQuery(q);
      this.words = query.words;
      this.facets = query.facets;
    }
    this.sort = sorts.includes(sort) ? (sort as Sort) : 'relevance';
  }

  type(typed: string, finished = false): void {
    const taken = takeFacets(typed, finished);
    this.words = taken.words;
    if (taken.facets.length > 0) this.facets = mergeFacets(this.facets, taken.facets);
    this.#writeAddress();
  }

  cycle(key: string, value: string): void {
    this.facets = cycleFacet(this.facets, key, value);
    this.#writeAddress();
  }

  drop(facet: FacetTerm): void {
    this.facets = this.facets.filter((one) => one !== facet);
    this.#writeAddress();
  }

  clear(): void {
    this.words = '';
    this.facets = [];
    this.#writeAddress();
  }

  setSort(sort: Sort): void {
    this.sort = sort;
    this.#writeAddress();
  }

  /** Asks the service for what the query, profile and sort say now; once, however many reasons there are at the same time. */
  search(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#ask();
    });
  }

  /** Asks for what the list will most likely show, while the service's snapshot and the page are still on their way. */
  ahead(): void {
    const route = router.route;
    if (route.name !== 'browse') return;
    this.follow(route.q, route.sort);
    const profile = localStorage.getItem(stored) ?? undefined;
    const request = this.#request(profile);
    const page = api().call('search', { query: { ...request, offset: 0, limit: pageSize } });
    this.#ahead = { of: JSON.stringify(request), page: page.catch(() => undefined) };
    if (this.q === '' && this.sort === 'relevance') suggested.ahead(profile);
  }

  /** The page that was asked for ahead, if it is the one that is wanted; once. */
  #taken(request: Asked, offset: number): Promise<Reply<'search'> | undefined> | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead?.of !== JSON.stringify(request) || offset !== 0) return undefined;
    // Nothing tells of what changed between the answer and the snapshot.
    setTimeout(() => this.search(), againAfter);
    return ahead.page;
  }

  #request(profile: string | undefined): Asked {
    return { q: this.q, sort: this.sort, ...(profile !== undefined && { profile }) };
  }

  #ask(): void {
    const profile = place.profile?.id;
    const request = this.#request(profile);
    if (profile !== undefined) localStorage.setItem(stored, profile);
    const shown = JSON.stringify([request, place.game]);
    const keepPlace = shown === this.#shown;
    this.#shown = shown;
    if (!keepPlace && this.results.ready && !router.returning) this.focus = 0;
    void this.results.open(async (offset, limit, signal) => {
      const ahead = this.#taken(request, offset);
      const page = (ahead && (await ahead)) ?? (await api().call('search', { query: { ...request, offset, limit } }, signal));
      if (!signal.aborted) {
        this.counts = page.facets;
        this.all = page.all;
        this.didYouMean = page.did_you_mean;
      }
      return page;
    }, keepPlace || router.returning);
  }

  /** Place of a package in the results, for "3 of 1,204" on its page. */
  indexOf(key: PackageKey): number | undefined {
    for (const [page, rows] of this.results.pages) {
      const index = rows.findIndex((row) => row.source === key.source && row.id === key.id);
      if (index >= 0) return page * 100 + index;
    }
    return undefined;
  }

  find(key: PackageKey): PackageRow | undefined {
    const index = this.indexOf(key);
    return index === undefined ? undefined : this.results.row(index);
  }

  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'catalog' || event.topic === 'profile-changed' || event.topic === 'snapshot') this.search();
      if (event.topic === 'job' && ['waiting', 'done', 'failed', 'cancelled'].includes(event.data.phase)) this.search();
    });
  }

  #writeAddress(): void {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => {
      if (router.route.name !== 'browse') return;
      router.replace({ ...router.route, q: this.q, sort: this.sort === 'relevance' ? '' : this.sort });
    }, addressDelay);
  }
}

export const browse = new Browse();
