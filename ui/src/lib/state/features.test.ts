import { describe, expect, it } from 'vitest';
import type { Feature } from '$lib/api/api';
import { chosenAlso } from './features';
import { differing } from './features.svelte';

const town = { source: 'reg-1', id: 'alice/town' };
const feature = (id: string, on: boolean): Feature => ({ id, title: id, summary: '', default: on, on, brings: [] });

describe('choices of features', () => {
  it('say each thing once, and the last word counts', () => {
    const other = { source: 'reg-2', id: 'alice/town', feature: 'maps', on: true };
    let choices = chosenAlso([], { ...town, feature: 'maps', on: true });
    choices = chosenAlso(choices, other);
    choices = chosenAlso(choices, { ...town, feature: 'voices', on: false });
    choices = chosenAlso(choices, { ...town, feature: 'maps', on: false });
    expect(choices).toEqual([other, { ...town, feature: 'voices', on: false }, { ...town, feature: 'maps', on: false }]);
  });

  it('of what is installed are those that change something', () => {
    const features = [feature('maps', false), feature('voices', true), feature('songs', true)];
    const wanted = new Map([['maps', true], ['voices', true], ['songs', false], ['gone', true]]);
    expect(differing(town, features, wanted)).toEqual([{ ...town, feature: 'maps', on: true }, { ...town, feature: 'songs', on: false }]);
    expect(differing(town, features, new Map())).toEqual([]);
  });
});
