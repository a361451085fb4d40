/** English texts of screens that come later, and of what the service refuses; those of other languages are whole from the start. */
const files = import.meta.glob<string>(['../../../../service/messages/en/{ui-later-,errors-,lobby-players}*.ftl', '!../../../../service/messages/en/errors-{app,client,ui,cli}.ftl'], { query: '?raw', import: 'default', eager: true });

export const laterText = Object.values(files).join('\n');
