import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Preset } from '$lib/api/api';
import { withTexts } from '$lib/i18n/i18n.svelte';

const say = vi.hoisted(() => vi.fn());
vi.mock('./notices.svelte', () => ({ notices: { say } }));
vi.stubGlobal('localStorage', { getItem: () => null, setItem: vi.fn() });

const { foundGames, newGames, remembered } = await import('./found-games.svelte');

const preset = (id: string, offered: boolean, ...games: [string, boolean][]): Preset => ({ id, kind: id.split(':')[0] ?? id, games: games.map(([game, found]) => ({ id: game, title: game.toUpperCase(), found })), first: true, known: false, declined: !offered, offered });
const presets = [preset('modrinth:fabric', true, ['orchard', true], ['rally', false]), preset('contentdb', true, ['orchard', true]), preset('ckan', false, ['rocket', true])];

beforeAll(() => withTexts(Promise.resolve()));
beforeEach(() => {
  say.mockReset();
  foundGames.known = undefined;
});

it('finds games that are here and not known, each once with what is offered for it', () => {
  expect(newGames(presets, []).map(({ id, sources }) => [id, sources.length])).toEqual([['orchard', 2], ['rocket', 0]]);
  expect(newGames(presets, [{ id: 'orchard' }, { id: 'rocket' }])).toEqual([]);
});

it('says nothing of what is here when a window looks for the first time', () => {
  foundGames.take(presets);
  expect(say).not.toHaveBeenCalled();
  expect(foundGames.known?.map(({ id }) => id)).toEqual(['orchard', 'rocket']);
});

it('says a new game once, with its sources, and nothing of one for which nothing is offered', () => {
  foundGames.known = [];
  foundGames.take(presets);
  foundGames.take(presets);
  expect(say).toHaveBeenCalledOnce();
  expect(say.mock.calls[0]?.[0]).toContain('ORCHARD');
  expect(foundGames.known?.map(({ said }) => said?.title)).toEqual(['ORCHARD', undefined]);
});

it('reads what it wrote down, and begins anew where somebody else wrote there', () => {
  expect(remembered('[{"id":"orchard"},{"x":1},null,7]')).toEqual([{ id: 'orchard' }]);
  for (const text of [null, '{}', 'no', '7']) expect(remembered(text), String(text)).toBeUndefined();
});
