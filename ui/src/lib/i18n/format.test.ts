import { beforeAll, expect, it } from 'vitest';
import { ago, shortCount, size, sizeParts, timeLeft } from './format';
import { coded, resolveLocale, withTexts } from './i18n.svelte';

beforeAll(() => withTexts(Promise.resolve()));

it('writes decimal sizes with at most three digits', () => {
  expect(sizeParts(0)).toEqual(['0', 'B']);
  expect(sizeParts(999)).toEqual(['999', 'B']);
  expect(sizeParts(999_600)).toEqual(['1', 'MB']);
  expect(sizeParts(1_150_000)).toEqual(['1.2', 'MB']);
  expect(size(212_000_000)).toBe('212\u00a0MB');
});

it('shortens large counts', () => {
  expect([shortCount(310), shortCount(96_200), shortCount(1_104_000)]).toEqual(['310', '96 k', '1.1 M']);
});

it('rounds time left so that it does not jump', () => {
  expect([timeLeft(21), timeLeft(237), timeLeft(7_300)]).toEqual(['21 s', 'about 4 min', 'about 2 h']);
});

it('is relative for a month and exact after that', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  expect(ago('2026-11-20T07:00:00Z', now)).toContain('5');
  expect(ago('2026-01-02T12:00:00Z', now)).toContain('2026');
});

it('follows the system where no language is chosen', () => {
  expect(resolveLocale('', ['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(resolveLocale('', ['fr', 'en-US', 'de'])).toBe('en');
  expect(resolveLocale('de', ['en'])).toBe('de');
});

it('writes the values of the service as the message files expect them', () => {
  const context = { file: 'metadata/timestamp.json', limit: '64000' };
  expect(coded('error', 'catalog-too-long', context)).toContain('(64\u00a0kB)');
  expect(coded('error', 'no-such-code')).toBeUndefined();
});
