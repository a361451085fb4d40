/**
 * A sparse window of a long answer: pages of 100 rows around what is visible, two kept either side.
 * Each query has a number; replies to older ones are dropped, and old rows stay until the first new page is here.
 */
import { toApiError, type Problem } from '$lib/api/api';
import { moment } from './moments';

export const pageSize = 100;
const keptPages = 2;

export interface Page<T> {
  total: number;
  rows: T[];
}

type Fetch<T> = (offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>;

export class Paged<T> {
  total = $state(0);
  pages = $state.raw<ReadonlyMap<number, T[]>>(new Map());
  problem = $state.raw<Problem | undefined>(undefined);
  loading = $state(false);
  /** Whether an answer has ever arrived. */
  ready = $state(false);
  #query = 0;
  #asked = new Set<number>();
  #abort = new AbortController();
  #fetch: Fetch<T> | undefined;
  #range: [number, number] = [0, 0];

  row(index: number): T | undefined {
    return this.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Starts another query; what is shown stays until its first page arrives. */
  async open(fetch: Fetch<T>, keepPlace: boolean): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#query += 1;
    this.#fetch = fetch;
    this.#asked = new Set();
    if (!keepPlace) this.#range = [0, 0];
    const firstPage = Math.floor(this.#range[0] / pageSize);
    await this.#load(firstPage, true);
    this.show(...this.#range);
  }

  /** Rows `start` to `end` are on screen: asks for what is missing, drops what is far away. */
  show(start: number, end: number): void {
    this.#range = [start, end];
    if (this.#fetch === undefined || this.total === 0) return;
    const first = Math.floor(start / pageSize);
    const last = Math.floor(Math.max(start, end) / pageSize);
    for (let page = first; page <= last; page += 1) if (!this.#asked.has(page)) void this.#load(page, false);
    const far = [...this.pages.keys()].filter((page) => page < first - keptPages || page > last + keptPages);
    if (far.length === 0) return;
    const kept = new Map(this.pages);
    for (const page of far) {
      kept.delete(page);
      this.#asked.delete(page);
    }
    this.pages = kept;
  }

  async #load(page: number, replace: boolean): Promise<void> {
    const fetch = this.#fetch;
    if (fetch === undefined) return;
    const query = this.#query;
    this.#asked.add(page);
    this.loading = true;
    try {
      const answer = await fetch(page * pageSize, pageSize, this.#abort.signal);
      if (query !== this.#query) return;
      this.total = answer.total;
      this.pages = new Map(replace ? [] : this.pages).set(page, answer.rows);
      this.problem = undefined;
      this.ready = true;
      moment('page');
    } catch (thrown) {
      if (query !== this.#query) return;
      this.#asked.delete(page);
      this.problem = toApiError(thrown).problem;
    }
    this.loading = false;
  }
}
