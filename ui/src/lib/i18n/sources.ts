/** The message files of each language as text. Terminal and tray have files of their own, which are left out. */
const english = import.meta.glob<string>(
  ['../../../../service/messages/en/*.ftl', '!../../../../service/messages/en/{cli,tray,window,ui-later-,errors-,lobby-players}*.ftl'],
  { query: '?raw', import: 'default', eager: true },
);

/** What may go wrong before a service answers. */
const errors = import.meta.glob<string>('../../../../service/messages/en/errors-{app,client,ui}.ftl', { query: '?raw', import: 'default', eager: true });

export const englishText = Object.values({ ...english, ...errors }).join('\n');

/** Texts of screens that are fetched when they are first shown (`ui-later-….ftl`), and of errors that only a running service has. */
export async function laterText(): Promise<string> {
  return (await import('./later')).laterText;
}

/** English is always here, as what stands in for a missing text; other languages come when they are chosen. */
export async function textOf(language: 'en' | 'de'): Promise<string> {
  return language === 'de' ? (await import('./german')).germanText : `${englishText}\n${await laterText()}`;
}
