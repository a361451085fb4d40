import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Api } from '$lib/api/api';
import { router } from '$lib/router/router.svelte';
import { setApi } from './bridge';
import { browse } from './browse.svelte';

let asked: string[] = [];

function answer(operation: string, input: { query: { q: string } }): Promise<unknown> {
  asked.push(`${operation} ${input.query.q}`);
  return Promise.resolve({ total: 0, all: 0, rows: [], facets: [] });
}

beforeEach(() => {
  asked = [];
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
  setApi({ call: answer } as unknown as Api);
});

describe('what the list asks for', () => {
  it('is asked once for all reasons that come together', async () => {
    browse.follow('lamps', '');
    browse.search();
    browse.search();
    await Promise.resolve();
    expect(asked).toEqual(['search lamps']);
    browse.search();
    await Promise.resolve();
    expect(asked).toHaveLength(2);
  });

  it('is not asked again where it was asked ahead for the same, and once more where it was not', async () => {
    router.route = { name: 'browse', game: undefined, q: 'lamps', sort: '' };
    browse.ahead();
    expect(asked).toEqual(['search lamps']);
    browse.search();
    await Promise.resolve();
    expect(asked).toEqual(['search lamps']);
    browse.ahead();
    browse.follow('tides', '');
    browse.search();
    await Promise.resolve();
    expect(asked).toEqual(['search lamps', 'search lamps', 'search tides']);
  });

  it('is asked after all where asking ahead failed', async () => {
    const answers = [() => Promise.reject(new Error('nobody there')), () => Promise.resolve({ total: 0, all: 3, rows: [], facets: [] })];
    setApi({ call: () => answers.shift()?.() } as unknown as Api);
    router.route = { name: 'browse', game: undefined, q: 'wires', sort: '' };
    browse.ahead();
    browse.search();
    await vi.waitFor(() => expect(browse.all).toBe(3));
    expect(answers).toEqual([]);
  });

  it('is what the query says when it is asked', async () => {
    browse.follow('lamps', '');
    browse.search();
    browse.follow('tides', '');
    await Promise.resolve();
    expect(asked).toEqual(['search tides']);
  });
});
