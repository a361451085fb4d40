/** All keys of the window, in one table: the help, the tests and the handler are made from it. */
import type { MessageId } from '$lib/i18n/ids';

export interface Key {
  id: string;
  keys: string;
  text: MessageId;
  where: (typeof keyPlaces)[number];
}

export const keyTable: Key[] = [
  { id: 'palette', keys: 'Ctrl+K', text: 'palette-title', where: 'anywhere' },
  { id: 'search', keys: 'Ctrl+F', text: 'key-search', where: 'anywhere' },
  { id: 'search-slash', keys: '/', text: 'key-search', where: 'anywhere' },
  { id: 'place-library', keys: 'Ctrl+1', text: 'place-library', where: 'anywhere' },
  { id: 'place-browse', keys: 'Ctrl+2', text: 'place-browse', where: 'anywhere' },
  { id: 'place-collections', keys: 'Ctrl+3', text: 'place-collections', where: 'anywhere' },
  { id: 'place-profile', keys: 'Ctrl+4', text: 'place-profile', where: 'anywhere' },
  { id: 'place-downloads', keys: 'Ctrl+5', text: 'place-downloads', where: 'anywhere' },
  { id: 'place-seeding', keys: 'Ctrl+6', text: 'place-seeding', where: 'anywhere' },
  { id: 'place-sources', keys: 'Ctrl+7', text: 'place-sources', where: 'anywhere' },
  { id: 'place-activity', keys: 'Ctrl+8', text: 'place-activity', where: 'anywhere' },
  { id: 'place-settings', keys: 'Ctrl+9', text: 'place-settings', where: 'anywhere' },
  { id: 'place-lobby', keys: 'Ctrl+0', text: 'place-lobby', where: 'anywhere' },
  { id: 'game', keys: 'Ctrl+G', text: 'key-game', where: 'anywhere' },
  { id: 'profile', keys: 'Ctrl+P', text: 'key-profile', where: 'anywhere' },
  { id: 'play', keys: 'Ctrl+Enter', text: 'key-play', where: 'anywhere' },
  { id: 'undo', keys: 'Ctrl+Z', text: 'key-undo', where: 'anywhere' },
  { id: 'pause-all', keys: 'Ctrl+Shift+P', text: 'key-pause-all', where: 'anywhere' },
  { id: 'inspector', keys: 'Ctrl+I', text: 'key-inspector', where: 'anywhere' },
  { id: 'next-region', keys: 'F6', text: 'key-next-region', where: 'anywhere' },
  { id: 'previous-region', keys: 'Shift+F6', text: 'key-previous-region', where: 'anywhere' },
  { id: 'back', keys: 'Alt+ArrowLeft', text: 'key-back', where: 'anywhere' },
  { id: 'forward', keys: 'Alt+ArrowRight', text: 'key-forward', where: 'anywhere' },
  { id: 'refresh', keys: 'F5', text: 'key-refresh', where: 'anywhere' },
  { id: 'help', keys: 'F1', text: 'key-help', where: 'anywhere' },
  { id: 'help-question', keys: '?', text: 'key-help', where: 'anywhere' },
  { id: 'speak', keys: 'Ctrl+Shift+S', text: 'key-speak', where: 'anywhere' },
  { id: 'move', keys: 'ArrowUp ArrowDown', text: 'key-move', where: 'lists' },
  { id: 'page', keys: 'PageUp PageDown Home End', text: 'key-page', where: 'lists' },
  { id: 'open', keys: 'Enter', text: 'key-open', where: 'lists' },
  { id: 'menu', keys: 'Shift+F10', text: 'key-menu', where: 'lists' },
  { id: 'leave', keys: 'Escape', text: 'key-leave', where: 'lists' },
  { id: 'range', keys: 'Shift+ArrowDown', text: 'key-range', where: 'profile-row' },
  { id: 'reorder', keys: 'Alt+ArrowUp Alt+ArrowDown', text: 'key-reorder', where: 'profile-row' },
  { id: 'all', keys: 'Ctrl+A', text: 'key-all', where: 'profile-row' },
  { id: 'toggle', keys: 'Space', text: 'key-toggle', where: 'lists' },
  { id: 'install', keys: 'I', text: 'key-install', where: 'package-row' },
  { id: 'update', keys: 'U', text: 'key-update', where: 'package-row' },
  { id: 'remove', keys: 'Delete', text: 'key-remove', where: 'package-row' },
  { id: 'hold', keys: 'H', text: 'key-hold', where: 'profile-row' },
  { id: 'compare-file', keys: 'Enter', text: 'key-compare-file', where: 'file-row' },
  { id: 'keep-mine', keys: 'M', text: 'key-keep-mine', where: 'file-row' },
  { id: 'keep-theirs', keys: 'P', text: 'key-keep-theirs', where: 'file-row' },
  { id: 'keep-both', keys: 'B', text: 'key-keep-both', where: 'file-row' },
  { id: 'bring-back', keys: 'R', text: 'key-bring-back', where: 'kept-row' },
  { id: 'let-go', keys: 'Delete', text: 'key-let-go', where: 'kept-row' },
  { id: 'snapshot', keys: 'N', text: 'key-snapshot', where: 'saves-row' },
  { id: 'bring-back-saves', keys: 'R', text: 'key-bring-back', where: 'saves-row' },
  { id: 'let-snapshot-go', keys: 'Delete', text: 'key-let-go', where: 'saves-row' },
  { id: 'pin', keys: 'Space', text: 'key-pin', where: 'seed-row' },
  { id: 'pause-seed', keys: 'P', text: 'key-pause-seed', where: 'seed-row' },
  { id: 'free-seed', keys: 'Delete', text: 'key-free-seed', where: 'seed-row' },
  { id: 'source-toggle', keys: 'Space', text: 'key-source-toggle', where: 'source-row' },
  { id: 'source-move', keys: 'Alt+ArrowUp Alt+ArrowDown', text: 'key-source-move', where: 'source-row' },
  { id: 'source-sync', keys: 'R', text: 'key-source-sync', where: 'source-row' },
  { id: 'source-remove', keys: 'Delete', text: 'key-remove', where: 'source-row' },
  { id: 'play-game', keys: 'P', text: 'key-play', where: 'game-row' },
  { id: 'open-profile', keys: 'O', text: 'key-open-profile', where: 'game-row' },
  { id: 'choose-member', keys: 'Space', text: 'key-choose-member', where: 'collection-row' },
  { id: 'rename-profile', keys: 'F2', text: 'key-rename', where: 'profiles-row' },
  { id: 'rename-state', keys: 'F2', text: 'key-rename', where: 'state-row' },
  { id: 'compare', keys: 'C', text: 'key-compare', where: 'state-row' },
  { id: 'lanes', keys: '1 2 3', text: 'key-lanes', where: 'transfer-row' },
];

/** The places of the table, in the order of the help. */
export const keyPlaces = ['anywhere', 'lists', 'game-row', 'package-row', 'collection-row', 'profile-row', 'profiles-row', 'file-row', 'kept-row', 'saves-row', 'state-row', 'source-row', 'transfer-row', 'seed-row'] as const;

/** The keys of an event as the table writes them; Cmd counts as Ctrl. */
export function keysOf(event: KeyboardEvent): string {
  const name = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && event.key !== '?' && event.key !== '/';
  return [event.ctrlKey || event.metaKey ? 'Ctrl+' : '', event.altKey ? 'Alt+' : '', shift ? 'Shift+' : '', name].join('');
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input:not([type=checkbox],[type=radio]), textarea') || target.isContentEditable);
}

export function actionFor(event: KeyboardEvent): string | undefined {
  const keys = keysOf(event);
  const found = keyTable.find((row) => row.where === 'anywhere' && row.keys === keys);
  if (found === undefined) return undefined;
  const needsNoField = ['search-slash', 'help-question', 'undo'];
  return isTyping(event.target) && needsNoField.includes(found.id) ? undefined : found.id;
}
