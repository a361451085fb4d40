import { expect, it } from 'vitest';
import { tipsOf } from './publisher.svelte';

it('names each page for tips once, with the packages that ask for it, and web pages alone', () => {
  const tips = tipsOf([
    { title: 'Trees', tips: ['https://tips.example/alice'] },
    { title: 'Rocks', tips: ['https://tips.example/alice', 'http://tips.example/plain', 'javascript:alert(1)', 'no address'] },
  ]);
  expect(tips).toEqual([{ host: 'tips.example', address: 'https://tips.example/alice', titles: ['Trees', 'Rocks'] }]);
});
