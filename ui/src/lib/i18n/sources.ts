/** The message files of each language as text. Terminal and tray have files of their own, which are left out. */
const english = import.meta.glob<string>(
  ['../../../../service/messages/en/*.ftl', '!**/cli*.ftl', '!**/tray*.ftl'],
  { query: '?raw', import: 'default', eager: true },
);
const german = import.meta.glob<string>(
  ['../../../../service/messages/de/*.ftl', '!**/cli*.ftl', '!**/tray*.ftl'],
  { query: '?raw', import: 'default', eager: true },
);

export const messageText = {
  en: Object.values(english).join('\n'),
  de: Object.values(german).join('\n'),
};
