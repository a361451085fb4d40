/** What is at addresses of the mock world. */
import type { KeyPlace, NewSource, Source, SourceOffer } from '../api';
import { hexFrom } from './world';

/** A registry with its fingerprint, or another service by its name. */
export function inspectSource(address: string): SourceOffer {
  const service = /^([a-z]{2,})(?:$|:(?!\/)|\+)/.exec(address)?.[1];
  if (service !== undefined) return { address, kind: service, test_keys: false, known: false };
  return { address, kind: 'registry', root: hexFrom('new'), root_words: 'willow-brass-tide-candle', test_keys: true, known: false };
}

export function newSource({ address, alias, root }: NewSource): Source {
  const { kind, root_words } = inspectSource(address);
  const base = { kind, address, priority: 9, enabled: true, state: 'new' as const, packages: 0 };
  const key = kind === 'github' ? { key: { service: 'api.github.com' } } : {};
  if (root_words === undefined) return { ...base, ...key, id: address, alias: alias ?? kind, test_keys: false };
  return { ...base, id: 'reg-new', alias: alias ?? 'New source', root: root ?? '', root_words, test_keys: true };
}

/** The sources after the service of one of them was given a key, or lost it. */
export function keyed(sources: Source[], id: string, place: KeyPlace | undefined): Source[] {
  const service = sources.find((source) => source.id === id)?.key?.service;
  if (service === undefined) return sources;
  return sources.map((source) => (source.key?.service === service ? { ...source, key: { service, ...(place !== undefined && { place }) } } : source));
}
