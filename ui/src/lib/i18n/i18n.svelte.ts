/** All visible text: messages by id, with the language as reactive state. */
import { FluentBundle, FluentResource, type FluentFunction, type FluentVariable } from '@fluent/bundle';
import type { MessageId } from './ids';
import { long, rightToLeft } from './pseudo';
import { englishText, laterText, textOf } from './sources';

export type Locale = 'en' | 'de' | 'en-XA' | 'en-XB';
export type Values = Record<string, FluentVariable>;

export const locales: Locale[] = ['en', 'de'];

/** `SIZE($bytes)` of the shared message files; set by `format.ts`, which knows how sizes are written. */
let writeSize: (bytes: number) => string = String;

export function setSizeFormat(write: (bytes: number) => string): void {
  writeSize = write;
}

const sizeFunction: FluentFunction = ([value]) => {
  const bytes = Number(typeof value === 'object' ? value.valueOf() : value);
  return Number.isFinite(bytes) ? writeSize(bytes) : String(value);
};

function makeBundle(locale: Locale, text: string): FluentBundle {
  const transform = locale === 'en-XA' ? long : locale === 'en-XB' ? rightToLeft : undefined;
  const language = locale === 'de' ? 'de' : 'en';
  const bundle = new FluentBundle(language, { useIsolating: false, functions: { SIZE: sizeFunction }, ...(transform && { transform }) });
  bundle.addResource(new FluentResource(text), { allowOverrides: true });
  return bundle;
}

const fallback = makeBundle('en', englishText);
let later: Promise<void> | undefined;
/** Whoever found no text looks again when more of them are here. */
let arrived = $state(0);

/** Gives a screen that is fetched when it is first shown, once its texts are here too. */
export async function withTexts<T>(screen: Promise<T>): Promise<T> {
  later ??= laterText().then((text) => {
    fallback.addResource(new FluentResource(text));
    arrived += 1;
  });
  await later;
  return screen;
}

let locale = $state<Locale>('en');
let bundle = $state.raw(fallback);

export function currentLocale(): Locale {
  return locale;
}

/** The tag that `Intl` formats numbers and dates with. */
export function formatLocale(): string {
  return locale === 'de' ? 'de' : 'en-GB';
}

/** The language to use for a setting; an empty setting follows the system. */
export function resolveLocale(setting: string, system: readonly string[]): Locale {
  if (setting === 'en-XA' || setting === 'en-XB') return setting;
  const wanted = setting === '' ? system : [setting];
  const known = wanted.find((tag) => /^(de|en)\b/i.test(tag)) ?? 'en';
  return known.toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** The language that was asked for last: texts that arrive late must not take the place of newer ones. */
let wanted: Locale = 'en';

export async function setLocale(next: Locale): Promise<void> {
  wanted = next;
  if (next !== locale || bundle === fallback) {
    const made = next === 'en' ? fallback : makeBundle(next, await textOf(next === 'de' ? 'de' : 'en'));
    if (wanted !== next) return;
    bundle = made;
  }
  locale = next;
  document.documentElement.lang = next === 'de' ? 'de' : 'en';
  document.documentElement.dataset.locale = next;
  document.documentElement.dir = next === 'en-XB' ? 'rtl' : 'ltr';
}

function format(from: FluentBundle, id: string, values?: Values): string | undefined {
  const message = from.getMessage(id);
  if (message?.value == null) {
    void arrived;
    return undefined;
  }
  const problems: Error[] = [];
  return from.formatPattern(message.value, values, problems);
}

/** Text for an id that the window knows. */
export function t(id: MessageId, values?: Values): string {
  return format(bundle, id, values) ?? format(fallback, id, values) ?? id;
}

/** The service sends all values as text; whole numbers choose plural forms and are written as numbers. */
function numbered(values: Values = {}): Values {
  const entries = Object.entries(values);
  return Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value]));
}

/** Text for a code that the service sent, or nothing where no file has it. */
export function coded(prefix: string, code: string, values?: Values): string | undefined {
  const id = `${prefix}-${code}`;
  return format(bundle, id, numbered(values)) ?? format(fallback, id, numbered(values));
}
