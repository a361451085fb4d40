import { expect, it } from 'vitest';
import { askedFor, fit, found, type PaletteItem } from './palette';

const item = (id: string, group: PaletteItem['group'], text: string, more: Partial<PaletteItem> = {}): PaletteItem => ({ id, group, icon: 'info', text, run: () => undefined, ...more });
const items = [
  item('undo', 'command', 'Undo'), item('pause', 'command', 'Pause all downloads', { why: 'stopped' }), item('play', 'command', 'Play'),
  item('downloads', 'place', 'Downloads'), item('crew', 'profile', 'Friday crew'), item('salt', 'game', 'Saltmere'), item('colours', 'setting', 'Colours', { detail: 'dark light theme' }),
];
const ids = (list: PaletteItem[]) => list.map(({ id }) => id);

it('knows what was typed or pasted', () => {
  expect(askedFor(' muster://package/a/b ')).toEqual({ words: '', link: 'muster://package/a/b' });
  expect(askedFor('https://mods.example/index')).toEqual({ words: '', address: 'https://mods.example/index' });
  expect([askedFor('/home/ada/mods').address, askedFor('C:\\mods').address]).toEqual(['/home/ada/mods', 'C:\\mods']);
  expect([askedFor('#hud').facet, askedFor('@marlow').facet]).toEqual([{ key: 'tag', value: 'hud' }, { key: 'publisher', value: 'marlow' }]);
  expect([askedFor('> un'), askedFor('%crew').groups, askedFor(':').words]).toEqual([{ groups: ['command', 'place'], words: 'un' }, ['profile'], '']);
  expect(askedFor('sail physics')).toEqual({ words: 'sail physics' });
  expect(askedFor('#')).toEqual({ words: '#' });
});

it('finds every word anywhere, and marks off', () => {
  expect([fit('friday', { text: 'Friday crew' }), fit('crew', { text: 'Friday crew' }), fit('rew', { text: 'Friday crew' }), fit('x', { text: 'Friday crew' })]).toEqual([0, 1, 2, undefined]);
  expect(fit('hafen', { text: 'Häfen' })).toBe(0);
  expect(fit('dark', { text: 'Colours', detail: 'dark light' })).toBe(2);
});

it('offers what was done last first, then commands and places', () => {
  expect(ids(found(items, askedFor(''), ['salt', 'undo', 'gone']))).toEqual(['salt', 'undo', 'play', 'pause', 'downloads']);
});

it('searches all groups, and only some behind a prefix; what cannot be done comes last', () => {
  expect(ids(found(items, askedFor('p')))).toEqual(['play', 'pause']);
  expect(ids(found(items, askedFor('downl')))).toEqual(['pause', 'downloads']);
  expect(ids(found(items, askedFor('!')))).toEqual(['colours']);
  expect(ids(found(items, askedFor('%sal')))).toEqual([]);
});
