import { expect, it } from 'vitest';
import { asksForMenu, nextItem, placed } from './menu';

const pressed = (key: string, more = {}) => asksForMenu({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...more });

it('opens by the Menu key, Shift+F10 and Alt+Enter, and by nothing else', () => {
  expect(pressed('ContextMenu')).toBe(true);
  expect(pressed('F10', { shiftKey: true })).toBe(true);
  expect(pressed('Enter', { altKey: true })).toBe(true);
  expect(pressed('F10')).toBe(false);
  expect(pressed('Enter')).toBe(false);
  expect(pressed('F10', { shiftKey: true, ctrlKey: true })).toBe(false);
});

it('stays inside of the window', () => {
  expect(placed(100, 200, 1_000)).toBe(100);
  expect(placed(950, 200, 1_000)).toBe(792);
  expect(placed(-5, 200, 1_000)).toBe(8);
  expect(placed(100, 900, 640)).toBe(8);
});

it('goes round with the arrows, to the ends, and to what is typed', () => {
  const texts = ['Install', 'Open', 'Remove', 'Repair'];
  expect(nextItem('ArrowDown', 3, texts)).toBe(0);
  expect(nextItem('ArrowUp', 0, texts)).toBe(3);
  expect([nextItem('Home', 2, texts), nextItem('End', 0, texts)]).toEqual([0, 3]);
  expect([nextItem('r', 0, texts), nextItem('r', 2, texts), nextItem('R', 3, texts)]).toEqual([2, 3, 2]);
  expect(nextItem('x', 0, texts)).toBeUndefined();
  expect(nextItem(' ', 0, texts)).toBeUndefined();
  expect(nextItem('Tab', 0, texts)).toBeUndefined();
});
