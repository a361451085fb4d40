import { expect, test } from 'vitest';
import { isInvitation, lobbyShare } from './lobby.svelte';

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
