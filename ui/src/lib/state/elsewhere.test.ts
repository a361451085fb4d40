import { describe, expect, it } from 'vitest';
import { richest } from './elsewhere.svelte';

const facets = [
  { key: 'kind', values: [{ value: 'mod', count: 90 }] },
  { key: 'game', values: [{ value: 'doom', count: 3 }, { value: 'minetest', count: 12 }, { value: 'far-away', count: 70 }] },
];
const offered = [{ id: 'minetest', title: 'Luanti' }, { id: 'doom', title: 'Doom' }, { id: 'openttd', title: 'OpenTTD' }];

describe('where a list is empty', () => {
  it('the game of this machine with most packages is named', () => {
    expect(richest(facets, offered, 'openttd')).toEqual({ id: 'minetest', title: 'Luanti', packages: 12 });
  });

  it('no game names itself, one that is not here, or one without packages', () => {
    expect(richest(facets, offered, 'minetest')?.id).toBe('doom');
    expect(richest(facets, [{ id: 'openttd', title: 'OpenTTD' }], undefined)).toBeUndefined();
    expect(richest([], offered, undefined)).toBeUndefined();
  });
});
