import { expect, it } from 'vitest';
import { cycleFacet, parseQuery, queryText, takeFacets } from './query';

it('splits words from facets and back', () => {
  const query = parseQuery('tag:hud storm -license:proprietary publisher:"two words"');
  expect(query.words).toBe('storm');
  expect(query.facets).toEqual([
    { key: 'tag', value: 'hud', include: true },
    { key: 'license', value: 'proprietary', include: false },
    { key: 'publisher', value: 'two words', include: true },
  ]);
  expect(parseQuery(queryText(query))).toEqual(query);
});

it('leaves text with an unknown key alone', () => {
  expect(parseQuery('http:x foo:bar').facets).toEqual([]);
});

it('takes a facet only once it is finished', () => {
  expect(takeFacets('tag:hu', false)).toEqual({ words: 'tag:hu', facets: [] });
  expect(takeFacets('tag:hud ', false)).toEqual({ words: '', facets: [{ key: 'tag', value: 'hud', include: true }] });
  expect(takeFacets('light tag:hud', true)).toEqual({ words: 'light ', facets: [{ key: 'tag', value: 'hud', include: true }] });
});

it('keeps what is typed, spaces included, where there is no facet', () => {
  expect(takeFacets('night  ', false).words).toBe('night  ');
});

it('cycles a value: off, include, exclude, off', () => {
  const once = cycleFacet([], 'tag', 'hud');
  const twice = cycleFacet(once, 'tag', 'hud');
  expect(once[0]?.include).toBe(true);
  expect(twice[0]?.include).toBe(false);
  expect(cycleFacet(twice, 'tag', 'hud')).toEqual([]);
});
