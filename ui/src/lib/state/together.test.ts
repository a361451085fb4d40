import { expect, test } from 'vitest';
import { together } from './together';

test('what says the same is one group, where the first of it was', () => {
  expect(together([1, 4, 2, 7, 3], (one) => (one % 3 === 1 ? 'one' : `${one}`))).toEqual([[1, 4, 7], [2], [3]]);
  expect(together([], String)).toEqual([]);
});
