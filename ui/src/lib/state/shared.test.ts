import { beforeEach, expect, it } from 'vitest';
import type { Api, Followed } from '$lib/api/api';
import { setApi } from './bridge';
import { notices } from './notices.svelte';
import { hasNews, sharedState } from './shared.svelte';

const one = (profile: string, version: number, seen: number): Followed => ({ profile, profile_name: profile, address: 'https://crew.example/p.json', name: 'Crew', version, seen, keep_others: false });
let calls: string[];
let list: Followed[];

beforeEach(() => {
  calls = [];
  list = [one('a', 3, 3), one('b', 3, 5)];
  notices.list = [];
  setApi({
    call: (id: string) => {
      calls.push(id);
      return Promise.resolve(id === 'unfollow' ? { change: 1 } : list);
    },
  } as unknown as Api);
});

it('has news only where a newer version was seen than the one agreed to', () => {
  expect([hasNews(one('a', 3, 4)), hasNews(one('a', 3, 3)), hasNews(one('a', 3, 2))]).toEqual([true, false, false]);
});

it('says how much news there is', async () => {
  await sharedState.lookForNews();
  expect(sharedState.news.map(({ profile }) => profile)).toEqual(['b']);
  expect(notices.current?.text).toContain('1');
});

it('follows no more only after the question was answered', async () => {
  await sharedState.unfollow();
  expect(calls).toEqual([]);
  sharedState.asked = list[1];
  await sharedState.unfollow();
  expect(calls).toEqual(['unfollow', 'followed']);
  expect(sharedState.asked).toBeUndefined();
});
