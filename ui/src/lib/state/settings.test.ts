import { expect, it } from 'vitest';
import type { Settings } from '$lib/api/api';
import { amountsWith, isChanged, numberFor, settingTable, shownSettings, valueOf, type Setting } from './settings';

const usual = Object.fromEntries(settingTable.map(({ name, usual: value }) => [name, value])) as unknown as Settings;
const of = (name: Setting['name']) => settingTable.find((one) => one.name === name) as Setting;
const names = (list: Setting[]) => list.map(({ name }) => name);

it('has each setting once, and each usual value among what can be chosen', () => {
  expect(new Set(settingTable.map(({ name }) => name)).size).toBe(settingTable.length);
  for (const one of settingTable) {
    if (one.kind === 'choice') expect(one.options.map(([value]) => value), one.name).toContain(one.usual);
    if (one.kind === 'speed' || one.kind === 'size') expect(one.amounts, one.name).toContain(one.usual);
    if (one.kind === 'number') expect(numberFor(one, one.usual as number), one.name).toBe(one.usual);
  }
});

it('knows what is not as usual', () => {
  const settings = { ...usual, theme: 'dark', connections: 80 } as Settings;
  expect(settingTable.filter((one) => isChanged(one, settings)).map(({ name }) => name)).toEqual(['theme', 'connections']);
  const { offline: _, ...old } = settings;
  expect(valueOf(of('offline'), old as Settings)).toBe(false);
});

it('finds settings by every word, and only changed ones where asked', () => {
  const settings = { ...usual, theme: 'dark' } as Settings;
  const text = ({ name }: Setting) => name.replaceAll('_', ' ');
  expect(names(shownSettings(settings, { words: 'limit upload', changed: false }, text))).toEqual(['upload_limit', 'turtle_upload_limit']);
  expect(names(shownSettings(settings, { words: '', changed: true }, text))).toEqual(['theme']);
  expect(shownSettings(settings, { words: 'nothing such', changed: false }, text)).toEqual([]);
});

it('keeps an unusual amount in the list, and takes only numbers that may be', () => {
  expect(amountsWith([0, 10], 10)).toEqual([0, 10]);
  expect(amountsWith([0, 10], 7)).toEqual([0, 7, 10]);
  expect([4, 500, 3, 501, 4.5, NaN].map((typed) => numberFor(of('connections'), typed))).toEqual([4, 500, undefined, undefined, undefined, undefined]);
});
