/** Numbers, sizes, speeds, times and dates in the current language. Sizes are decimal. */
import { currentLocale, formatLocale, setSizeFormat, t } from './i18n.svelte';

const made = new Map<string, unknown>();

/** Formatters are dear to make and used in every row: one of each per language. */
function kept<T>(name: string, make: (locale: string) => T): T {
  const key = `${formatLocale()} ${name}`;
  if (!made.has(key)) made.set(key, make(formatLocale()));
  return made.get(key) as T;
}

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept(JSON.stringify(options), (locale) => new Intl.NumberFormat(locale, options));
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(`date ${JSON.stringify(options)}`, (locale) => new Intl.DateTimeFormat(locale, options));
}

export function count(value: number): string {
  return numberFormat({}).format(value);
}

/** 412 k, 1.1 M: for columns where the order of magnitude is what matters. */
export function shortCount(value: number): string {
  if (value < 10_000) return count(value);
  const [divisor, unit] = value < 1_000_000 ? [1_000, 'k'] : [1_000_000, 'M'];
  const scaled = value / divisor;
  return `${numberFormat({ maximumFractionDigits: scaled < 10 ? 1 : 0 }).format(scaled)} ${unit}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Number and unit of an amount of bytes, two or three digits wide. */
export function sizeParts(bytes: number): [string, string] {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  const text = numberFormat({ minimumFractionDigits: 0, maximumFractionDigits: digits }).format(value);
  return [text, units[unit] ?? 'B'];
}

export function size(bytes: number): string {
  const text = sizeParts(bytes).join('\u00a0');
  // In right-to-left text the unit still follows its number.
  return currentLocale() === 'en-XB' ? `\u2066${text}\u2069` : text;
}

setSizeFormat(size);

/** What still has to come, behind a verb: an amount, or that it is nothing. */
export function toDownload(bytes: number): string {
  return bytes === 0 ? t('download-nothing') : size(bytes);
}

export function speed(bytesPerSecond: number): string {
  return `${size(bytesPerSecond)}/s`;
}

export function percent(share: number): string {
  return numberFormat({ style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** Time left, rounded so that it does not jump: exact under a minute, then minutes, then hours. */
export function timeLeft(seconds: number): string {
  if (seconds < 60) return t('time-seconds', { count: Math.max(1, Math.round(seconds)) });
  if (seconds < 3_600) return t('time-about-minutes', { count: Math.round(seconds / 60) });
  return t('time-about-hours', { count: Math.round(seconds / 3_600) });
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** Relative up to 30 days, then the date. */
export function ago(at: string, now: number = Date.now()): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return at;
  const seconds = (then - now) / 1000;
  if (Math.abs(seconds) > 30 * 86_400) return date(at);
  const relative = kept('relative', (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }));
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return t('time-just-now');
}

export function date(at: string): string {
  return dateFormat({ dateStyle: 'medium' }).format(new Date(at));
}

/** Year and month, for facts like "same key since". */
export function month(at: string): string {
  return dateFormat({ year: 'numeric', month: 'long' }).format(new Date(at));
}

export function exactTime(at: string): string {
  return dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}
