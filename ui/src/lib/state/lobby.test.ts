import { expect, test } from 'vitest';
import type { LobbyOffer, LobbyPlayer } from '$lib/api/api';
import { comesUnasked, isInvitation, lobbyShare, pageHost, playerShare, playerState, readyCount, toggled } from './lobby.svelte';

test('an invitation is a link to a lobby and nothing else', () => {
  expect(isInvitation(' muster://join/1/ab/12?peer=192.0.2.7:6881 ')).toBe(true);
  expect(isInvitation('MUSTER://join/1/ab')).toBe(true);
  expect(isInvitation('muster://package/a/b/c')).toBe(false);
  expect(isInvitation('https://example.org/muster://join/1')).toBe(false);
});

test('a share is known once the size is', () => {
  expect(lobbyShare(undefined)).toBeUndefined();
  expect(lobbyShare({ done: 0, total: 0 })).toBeUndefined();
  expect(lobbyShare({ done: 1, total: 4 })).toBe(0.25);
  expect(lobbyShare({ done: 5, total: 4 })).toBe(1);
});

const player = (step: LobbyPlayer['step'], silent = false): LobbyPlayer => ({ seat: 1, name: '', step, done: 1, total: 4, since: '', heard: '', silent, you: false });

test('a player is shown as they say, and as silent where nothing is heard', () => {
  expect(playerState(player('ready'))).toBe('ready');
  expect(playerState(player('ready', true))).toBe('silent');
  expect(playerState(player('left', true))).toBe('left');
  expect(playerShare(player('bringing'))).toBe(0.25);
  expect(playerShare(player('bringing', true))).toBeUndefined();
  expect(playerShare(player('ready'))).toBeUndefined();
});

test('who left or is not heard of is not waited for', () => {
  const players = [player('ready'), player('playing'), player('bringing'), player('left'), player('ready', true)];
  expect(readyCount(players)).toEqual({ ready: 2, all: 3 });
});

test('one optional package is left out or taken along, and the others stay as they are', () => {
  const one = { source: 'a', id: 'x', title: 'X', verified: true, left_out: false };
  const other = { source: 'a', id: 'y', title: 'Y', verified: false, left_out: true };
  expect(toggled([one, other], one)).toEqual([{ source: 'a', id: 'x' }, { source: 'a', id: 'y' }]);
  expect(toggled([one, other], other)).toEqual([]);
  expect(toggled([one, other], { source: 'b', id: 'x' })).toEqual([{ source: 'a', id: 'y' }]);
});

test('a lobby comes unasked only where its host is allowed and nothing has to be decided', () => {
  const offer = { asks: false, plan: {}, host: { key: 'k', words: 'w', allowed: true } } as unknown as LobbyOffer;
  expect(comesUnasked(offer)).toBe(true);
  expect(comesUnasked({ ...offer, asks: true })).toBe(false);
  expect(comesUnasked({ ...offer, plan: undefined })).toBe(false);
  expect(comesUnasked({ ...offer, host: undefined })).toBe(false);
  expect(comesUnasked({ ...offer, host: { key: 'k', words: 'w', allowed: false } })).toBe(false);
  expect(comesUnasked(undefined)).toBe(false);
});

test('a page is named by its host', () => {
  expect(pageHost('https://play.example:8443/match?x=1')).toBe('play.example:8443');
});
