/** The German message files as text; fetched when the language is German. */
const files = import.meta.glob<string>(
  ['../../../../service/messages/de/*.ftl', '!../../../../service/messages/de/{cli,tray,window}*.ftl'],
  { query: '?raw', import: 'default', eager: true },
);

export const germanText = Object.values(files).join('\n');
