/** The sources in the player's order. Moving and switching shows at once and is taken back when the service refuses. */
import type { Changed, NewSource, Source, SourcePatch } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { live } from './live.svelte';

/** A change that the service has not confirmed yet. */
interface Pending {
  patch: SourcePatch;
  /** The change that confirms it, once known. */
  change?: number;
}

/** In the player's order, as it will be when the changes under way are done. */
export function arranged(sources: readonly Source[], changes: Iterable<readonly [string, SourcePatch]> = []): Source[] {
  const order = [...sources].sort((a, b) => a.priority - b.priority || (a.alias < b.alias ? -1 : 1));
  for (const [id, { place, enabled }] of changes) {
    const from = order.findIndex((source) => source.id === id);
    const source = order[from];
    if (source === undefined) continue;
    const next = enabled === undefined ? source : { ...source, enabled };
    order.splice(from, 1);
    order.splice(place ?? from, 0, next);
  }
  return order;
}

/** The place that a row gets which is put before another one, or at the end; none where nothing moves. */
export function placeBefore(from: number, before: number, count: number): number | undefined {
  const to = Math.min(count, Math.max(0, before));
  const place = to > from ? to - 1 : to;
  return place === from ? undefined : place;
}

export type Health = 'fresh' | 'old' | 'failed' | 'new' | 'off';

/** One word for how a source is: its own state, but never better than its problem. */
export function healthOf({ enabled, state, synced, problem }: Source): Health {
  if (!enabled || state === 'off') return 'off';
  if (state === 'failed' || (problem !== undefined && synced === undefined)) return 'failed';
  if (synced === undefined) return 'new';
  return state === 'stale' || problem !== undefined ? 'old' : 'fresh';
}

/** What adds a source again that was removed: the same address under the same key and name. */
export function again({ address, alias, root }: Source): NewSource {
  return { address, alias, ...(root !== undefined && { root }) };
}

/** Asks the service of a source with a key from now on. The key is not kept here: there is no way back to the one before. */
export function setSourceKey({ id }: Source, service: string, key: string): Promise<Changed | undefined> {
  return attempt(() => api().call('set-source-key', { path: { source: id }, body: { key: key.trim() } }), t('done-source-token', { service }));
}

export function forgetSourceKey({ id }: Source, service: string): Promise<Changed | undefined> {
  return attempt(() => api().call('forget-source-key', { path: { source: id } }), t('done-source-token-gone', { service }));
}

class SourcesState {
  focus = $state(0);
  #pending = $state.raw<ReadonlyMap<string, Pending>>(new Map());

  rows = $derived.by((): Source[] => arranged(live.sources, [...this.#pending].map(([id, { patch }]) => [id, patch] as const)));

  isPending(id: string): boolean {
    return this.#pending.has(id);
  }

  watch(): () => void {
    return live.watch((event) => {
      if (event.topic !== 'sources' && event.topic !== 'snapshot') return;
      // An event may carry what a change did and a number from before its reply.
      const open = ([id, { patch, change }]: [string, Pending]): boolean => (change ?? Infinity) > event.change && !this.#confirmed(id, patch);
      this.#pending = new Map([...this.#pending].filter(open));
    });
  }

  async move(from: number, before: number): Promise<void> {
    const source = this.rows[from];
    const place = placeBefore(from, before, this.rows.length);
    if (source === undefined || place === undefined) return;
    this.focus = place;
    await this.#patch(source, { place }, { place: from }, t('done-source-moved', { source: source.alias, place: place + 1 }));
  }

  async switchOn(source: Source, enabled: boolean): Promise<void> {
    await this.#patch(source, { enabled }, { enabled: !enabled }, enabled ? t('done-source-on', { source: source.alias }) : t('done-source-off', { source: source.alias }));
  }

  /** Installed packages stay; undo trusts the same key again. */
  remove(source: Source): Promise<Changed | undefined> {
    const back = (): Promise<Changed> => api().call('add-source', { body: again(source) });
    return attempt(() => api().call('remove-source', { path: { source: source.id } }), t('done-source-removed', { source: source.alias }), { back });
  }

  async #patch({ id }: Source, patch: SourcePatch, was: SourcePatch, said: string): Promise<void> {
    const call = (body: SourcePatch) => api().call('patch-source', { path: { source: id }, body });
    this.#pending = new Map(this.#pending).set(id, { patch });
    const changed = await attempt(() => call(patch), said, { back: () => call(was) });
    const next = new Map(this.#pending);
    next.delete(id);
    // The events of the change may have come before its reply.
    if (changed !== undefined && !this.#confirmed(id, patch)) next.set(id, { patch, change: changed.change });
    this.#pending = next;
  }

  #confirmed(id: string, { enabled, place }: SourcePatch): boolean {
    const order = arranged(live.sources);
    const at = order.findIndex((source) => source.id === id);
    return (enabled === undefined || order[at]?.enabled === enabled) && (place === undefined || at === place);
  }
}

export const sourcesState = new SourcesState();
