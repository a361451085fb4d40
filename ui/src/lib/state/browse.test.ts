import { beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '$lib/api/api';
import { setApi } from './bridge';
import { browse } from './browse.svelte';

let asked: string[] = [];

function answer(operation: string, input: { query: { q: string } }): Promise<unknown> {
  asked.push(`${operation} ${input.query.q}`);
  return Promise.resolve({ total: 0, all: 0, rows: [], facets: [] });
}

beforeEach(() => {
  asked = [];
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

  it('is what the query says when it is asked', async () => {
    browse.follow('lamps', '');
    browse.search();
    browse.follow('tides', '');
    await Promise.resolve();
    expect(asked).toEqual(['search tides']);
  });
});
