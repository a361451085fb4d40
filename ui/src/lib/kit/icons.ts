/** Icons by their meaning here → file in lucide-static. Only these go into the sprite. */
export const icons = {
  activity: 'activity',
  add: 'plus',
  back: 'arrow-left',
  browse: 'compass',
  check: 'check',
  'chevron-down': 'chevron-down',
  'chevron-right': 'chevron-right',
  close: 'x',
  commands: 'command',
  copy: 'copy',
  down: 'arrow-down',
  downloads: 'download',
  error: 'circle-alert',
  external: 'external-link',
  filter: 'list-filter',
  folder: 'folder',
  history: 'history',
  info: 'info',
  inspector: 'panel-right',
  'kind-asset-pack': 'image',
  'kind-collection': 'layers',
  'kind-game-definition': 'gamepad-2',
  'kind-loader': 'plug',
  'kind-map': 'map',
  'kind-mod': 'puzzle',
  'kind-modpack': 'package',
  'kind-other': 'box',
  lobby: 'users',
  lock: 'lock',
  menu: 'menu',
  next: 'chevron-down',
  pause: 'pause',
  play: 'play',
  previous: 'chevron-up',
  profile: 'list-checks',
  remove: 'trash-2',
  resume: 'play',
  retry: 'rotate-cw',
  search: 'search',
  seeding: 'upload',
  settings: 'settings',
  shield: 'shield-check',
  signed: 'badge-check',
  sources: 'database',
  undo: 'undo-2',
  up: 'arrow-up',
  update: 'circle-arrow-up',
  warn: 'triangle-alert',
} as const;

export type IconName = keyof typeof icons;

/** The icon for a kind of package; kinds are data, so unknown ones get a plain box. */
export function kindIcon(kind: string): IconName {
  const name = `kind-${kind}`;
  return name in icons ? (name as IconName) : 'kind-other';
}
