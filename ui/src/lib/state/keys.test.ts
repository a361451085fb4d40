import { expect, it } from 'vitest';
import { keyPlaces, keyTable } from './keys';

it('gives no key to two actions in one place', () => {
  for (const where of keyPlaces) {
    const keys = keyTable.filter((row) => row.where === where).flatMap((row) => row.keys.split(' '));
    expect(new Set(keys).size, where).toBe(keys.length);
  }
});

it('leaves keys of input methods and of the system alone', () => {
  const all = keyTable.map((row) => row.keys);
  for (const taken of ['Ctrl+Shift+U', 'Ctrl+.', 'Alt+F4']) expect(all).not.toContain(taken);
});
