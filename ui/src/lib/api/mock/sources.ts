/** What is at addresses of the mock world. */
import { ApiError, localProblem, type Game, type KeyPlace, type NewSource, type Preset, type PresetDecision, type Source, type SourceOffer, type SourcePatch } from '../api';
import { gameSources, hexFrom } from './world';

/** A registry with its fingerprint, or another service by its name. */
export function inspectSource(address: string): SourceOffer {
  const service = /^([a-z]{2,})(?:$|:(?!\/)|\+)/.exec(address)?.[1];
  if (service !== undefined && service !== 'git') return { address, kind: service, test_keys: false, known: false };
  return { address, kind: 'registry', root: hexFrom('new'), root_words: 'willow-brass-tide-candle', test_keys: true, known: false };
}

export function newSource({ address, alias, root }: NewSource): Source {
  const { kind, root_words } = inspectSource(address);
  const base = { kind, address, priority: 9, enabled: true, state: 'new' as const, packages: 0 };
  const key = kind === 'github' ? { key: { service: 'api.github.com' } } : {};
  if (root_words === undefined) return { ...base, ...key, id: address, alias: alias ?? kind, test_keys: false };
  return { ...base, id: 'reg-new', alias: alias ?? 'New source', root: root ?? '', root_words, test_keys: true };
}

/** The sources after one of them was moved, switched on or switched off. */
export function patched(sources: readonly Source[], id: string, { enabled, place }: SourcePatch): Source[] {
  const order = [...sources].sort((one, other) => one.priority - other.priority);
  const from = order.findIndex((source) => source.id === id);
  const [source] = order.splice(from, 1);
  if (source === undefined) throw new ApiError({ ...localProblem('source-unknown', id), status: 404, context: { source: id } });
  order.splice(place ?? from, 0, enabled === undefined ? source : { ...source, enabled, state: enabled ? 'fresh' : 'off' });
  return order.map((one, priority) => ({ ...one, priority }));
}

/** The sources after the service of one of them was given a key, or lost it. */
export function keyed(sources: Source[], id: string, place: KeyPlace | undefined): Source[] {
  const service = sources.find((source) => source.id === id)?.key?.service;
  if (service === undefined) return sources;
  return sources.map((source) => (source.key?.service === service ? { ...source, key: { service, ...(place !== undefined && { place }) } } : source));
}

const hosts: Record<string, string> = { ckan: 'github.com', contentdb: 'content.luanti.org', modrinth: 'api.modrinth.com', thunderstore: 'thunderstore.io' };

/** Sources that the games of the mock world name. */
export function makePresets(games: readonly Game[], sources: readonly Source[], declined: readonly string[]): Preset[] {
  const found = new Map<string, Preset>();
  for (const { id: game, title, installations } of games) {
    for (const [index, id] of (gameSources[game] ?? []).entries()) {
      const kind = id.split(':')[0] ?? id;
      const host = hosts[kind];
      const before = found.get(id) ?? { id, kind, ...(host !== undefined && { host }), games: [], first: false, known: sources.some(({ address }) => address === id), declined: declined.includes(id), offered: false };
      found.set(id, { ...before, first: before.first || index === 0, games: [...before.games, { id: game, title, found: installations.length > 0 }] });
    }
  }
  return [...found.values()].map((preset) => ({ ...preset, offered: !preset.known && !preset.declined && preset.games.some((game) => game.found) }));
}

export function decided(declined: readonly string[], { id, declined: no }: PresetDecision): string[] {
  return [...declined.filter((one) => one !== id), ...(no ? [id] : [])];
}
