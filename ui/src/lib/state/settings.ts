/** Every setting of the service: what kind it is, its usual value, and how it is found. */
import type { Settings, SettingsPatch } from '$lib/api/api';
import type { MessageId } from '$lib/i18n/ids';

export const settingSections = ['look', 'sharing', 'downloads', 'second', 'network'] as const;
export type SettingSection = (typeof settingSections)[number];

type Kind =
  | { kind: 'choice'; options: readonly (readonly [value: string, label: MessageId | ''])[] }
  /** Bytes a second, or bytes; what none of them means has a text of its own. */
  | { kind: 'speed' | 'size'; amounts: readonly number[]; none?: MessageId }
  | { kind: 'switch' }
  | { kind: 'number'; min: number; max: number }
  /** Hours of the week; empty means always or never. */
  | { kind: 'hours' };

export type Setting = Kind & {
  name: keyof SettingsPatch & keyof Settings;
  section: SettingSection;
  /** What the service starts with. */
  usual: string | number | boolean;
};

const slow = [100_000, 250_000, 500_000, 1_000_000, 2_000_000, 5_000_000];
const fast = [500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000];
const gigabyte = 1_000_000_000;
const consider = { kind: 'choice', options: [['pause', 'set-pause'], ['pause-unless-known', 'set-pause-unless-known'], ['allow', 'set-allow']] } as const;

export const settingTable: readonly Setting[] = [
  { name: 'language', section: 'look', usual: '', kind: 'choice', options: [['', 'language-system'], ['en', ''], ['de', '']] },
  { name: 'theme', section: 'look', usual: 'system', kind: 'choice', options: [['system', 'theme-system'], ['light', 'theme-light'], ['dark', 'theme-dark']] },
  { name: 'upload_limit', section: 'sharing', usual: 1_000_000, kind: 'speed', amounts: [0, ...slow], none: 'limit-nothing' },
  { name: 'upload_auto', section: 'sharing', usual: true, kind: 'switch' },
  { name: 'monthly_upload', section: 'sharing', usual: 20 * gigabyte, kind: 'size', amounts: [0, 5 * gigabyte, 20 * gigabyte, 50 * gigabyte, 200 * gigabyte], none: 'limit-none' },
  { name: 'share_hours', section: 'sharing', usual: '', kind: 'hours' },
  { name: 'upload_while_playing', section: 'sharing', usual: false, kind: 'switch' },
  { name: 'share_when_away', section: 'sharing', usual: false, kind: 'switch' },
  { name: 'on_battery', section: 'sharing', usual: 'pause', ...consider },
  { name: 'on_metered', section: 'sharing', usual: 'pause', ...consider },
  { name: 'on_vpn', section: 'sharing', usual: 'pause', ...consider },
  { name: 'download_limit', section: 'downloads', usual: 0, kind: 'speed', amounts: [0, ...fast], none: 'limit-none' },
  { name: 'background_while_playing', section: 'downloads', usual: false, kind: 'switch' },
  { name: 'cache_quota', section: 'downloads', usual: 2 * gigabyte, kind: 'size', amounts: [0.5, 2, 5, 10, 50].map((amount) => amount * gigabyte) },
  { name: 'archive_days', section: 'downloads', usual: 30, kind: 'number', min: 1, max: 3_650 },
  { name: 'unfinished_days', section: 'downloads', usual: 7, kind: 'number', min: 1, max: 3_650 },
  { name: 'evict_protected', section: 'downloads', usual: true, kind: 'switch' },
  { name: 'turtle', section: 'second', usual: 'auto', kind: 'choice', options: [['auto', 'set-turtle-auto'], ['on', 'set-turtle-on'], ['off', 'set-turtle-off']] },
  { name: 'turtle_download_limit', section: 'second', usual: 0, kind: 'speed', amounts: [0, ...fast], none: 'limit-none' },
  { name: 'turtle_upload_limit', section: 'second', usual: 100_000, kind: 'speed', amounts: [0, ...slow], none: 'limit-nothing' },
  { name: 'turtle_hours', section: 'second', usual: '', kind: 'hours' },
  { name: 'offline', section: 'network', usual: false, kind: 'switch' },
  { name: 'find_nearby', section: 'network', usual: true, kind: 'switch' },
  { name: 'find_public', section: 'network', usual: true, kind: 'switch' },
  { name: 'open_port', section: 'network', usual: true, kind: 'switch' },
  { name: 'lan_exempt', section: 'network', usual: true, kind: 'switch' },
  { name: 'connections', section: 'network', usual: 50, kind: 'number', min: 4, max: 500 },
  { name: 'user_share', section: 'network', usual: 10, kind: 'number', min: 1, max: 100 },
  { name: 'background_share', section: 'network', usual: 100, kind: 'number', min: 1, max: 100 },
];

/** Settings are named as the service names them; messages and ids with dashes. */
export const dashed = ({ name }: Pick<Setting, 'name'>): string => name.replaceAll('_', '-');

export function valueOf({ name, usual }: Setting, settings: Settings): string | number | boolean {
  const value = settings[name];
  return value === undefined ? usual : value;
}

export const isChanged = (setting: Setting, settings: Settings): boolean => valueOf(setting, settings) !== setting.usual;

/** The usual amounts, with the present one where it is another. */
export function amountsWith(amounts: readonly number[], now: number): number[] {
  return amounts.includes(now) ? [...amounts] : [...amounts, now].sort((a, b) => a - b);
}

/** A number that a setting may be, or nothing. */
export function numberFor(setting: Setting, typed: number): number | undefined {
  if (setting.kind !== 'number' || !Number.isInteger(typed)) return undefined;
  return typed >= setting.min && typed <= setting.max ? typed : undefined;
}

export interface SettingFilter {
  words: string;
  changed: boolean;
}

/** What is asked for: every word in its name or its sentence, and only what is not as usual. */
export function shownSettings(settings: Settings, { words, changed }: SettingFilter, textOf: (setting: Setting) => string): Setting[] {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return settingTable.filter((setting) => {
    const text = textOf(setting).toLowerCase();
    return wanted.every((word) => text.includes(word)) && (!changed || isChanged(setting, settings));
  });
}
