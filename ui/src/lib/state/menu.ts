/** A context menu: the actions of an inspector, at the row that they are about. */
import type { IconName } from '$lib/kit/icons';

export interface MenuItem {
  text: string;
  icon?: IconName;
  /** Key that does the same without the menu. */
  keys?: string;
  /** Why it cannot be done now. */
  why?: string | undefined;
  danger?: boolean;
  run: () => void;
}

export interface OpenMenu {
  /** What it is about. */
  label: string;
  /** Groups with a line between them. */
  groups: MenuItem[][];
  /** Where it opens, in pixels of the window. */
  x: number;
  y: number;
  /** Has the focus again when it closes. */
  from: HTMLElement;
}

/** Whether keys ask for the menu of what has the focus. */
export const asksForMenu = ({ key, shiftKey, altKey, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>): boolean =>
  !ctrlKey && !metaKey && ((key === 'ContextMenu' && !altKey) || (key === 'F10' && shiftKey && !altKey) || (key === 'Enter' && altKey && !shiftKey));

/** Where a menu of this size begins so that all of it is in the window; a menu that is larger begins at its edge. */
export function placed(at: number, size: number, room: number, gap = 8): number {
  return Math.max(gap, Math.min(at, room - size - gap));
}

/** The next item that a key goes to; items that cannot be used are passed on the way, too, so that their reason is read. */
export function nextItem(key: string, current: number, texts: string[]): number | undefined {
  const last = texts.length - 1;
  switch (key) {
    case 'ArrowDown': return current >= last ? 0 : current + 1;
    case 'ArrowUp': return current <= 0 ? last : current - 1;
    case 'Home': return 0;
    case 'End': return last;
  }
  if (key.length !== 1 || key === ' ') return undefined;
  const starts = (text: string | undefined): boolean => text?.toLowerCase().startsWith(key.toLowerCase()) === true;
  for (let step = 1; step <= texts.length; step += 1) {
    const index = (current + step) % texts.length;
    if (starts(texts[index])) return index;
  }
  return undefined;
}
