/** The states of a profile: what lies between two of them, asked for when it is looked at and kept, as states never change. */
import type { Generation, GenerationDifference, Problem, PruneRequest } from '$lib/api/api';
import { toApiError } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { api } from './bridge';
import { notices } from './notices.svelte';
import { causeText, problemText } from './problems';

export interface Counts {
  added: number;
  removed: number;
  changed: number;
}

export function countsOf({ items }: Pick<GenerationDifference, 'items'>): Counts {
  const of = (...actions: string[]): number => items.filter((item) => actions.includes(item.action)).length;
  return { added: of('add'), removed: of('remove'), changed: of('change', 'enable', 'disable') };
}

/** What the service would let go; the first state, the present one and those with a name stay. Newest first. */
export function toForget(generations: Generation[], { keep, days }: PruneRequest, now: number): number[] {
  const newest = new Set(generations.map(({ number }) => number).sort((a, b) => b - a).slice(0, keep));
  const oldest = now - days * 86_400_000;
  const goes = (one: Generation): boolean => one.number !== 0 && !one.current && one.name === undefined && !newest.has(one.number) && Date.parse(one.at) <= oldest;
  return generations.filter(goes).map(({ number }) => number);
}

/** Name of a state, or else what made it. */
export function stateText(generation: Generation): string {
  return generation.name ?? causeText(generation.cause);
}

/** How many differences are asked for at once. */
const together = 4;

class HistoryState {
  focus = $state(0);
  /** The state that others are compared with. */
  base = $state<number | undefined>(undefined);
  pruning = $state(false);
  #known = $state.raw<ReadonlyMap<string, GenerationDifference>>(new Map());
  #failed = $state.raw<ReadonlyMap<string, Problem>>(new Map());
  #asked = new Set<string>();
  #waiting: [string, number, number][] = [];
  #running = 0;
  #id = '';

  show(id: string): void {
    if (id === this.#id) return;
    this.#id = id;
    this.focus = 0;
    this.base = undefined;
    this.pruning = false;
    this.#known = new Map();
    this.#failed = new Map();
    this.#asked = new Set();
    this.#waiting = [];
  }

  difference(from: number, to: number): GenerationDifference | undefined {
    return this.#known.get(`${from} ${to}`);
  }

  problem(from: number, to: number): Problem | undefined {
    return this.#failed.get(`${from} ${to}`);
  }

  /** Asks for a difference, unless it is known or on its way. */
  ask(from: number, to: number): void {
    const key = `${from} ${to}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.#waiting.push([key, from, to]);
    void this.#next();
  }

  retry(from: number, to: number): void {
    this.#asked.delete(`${from} ${to}`);
    this.ask(from, to);
  }

  async prune(body: PruneRequest): Promise<void> {
    try {
      const { forgotten } = await api().call('prune', { path: { profile: this.#id }, body });
      if (this.base !== undefined && forgotten.includes(this.base)) this.base = undefined;
      notices.say(t('done-pruned', { count: forgotten.length }));
      this.pruning = false;
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
    }
  }

  async #next(): Promise<void> {
    const next = this.#running < together ? this.#waiting.pop() : undefined;
    if (next === undefined) return;
    const [[key, from, to], profile] = [next, this.#id];
    this.#running += 1;
    try {
      const answer = await api().call('difference', { path: { profile, generation: String(from), other: String(to) } });
      if (profile === this.#id) this.#known = new Map(this.#known).set(key, answer);
    } catch (thrown) {
      if (profile === this.#id) this.#failed = new Map(this.#failed).set(key, toApiError(thrown).problem);
    }
    this.#running -= 1;
    void this.#next();
  }
}

export const historyState = new HistoryState();
