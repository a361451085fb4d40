/** English texts of screens that come later; those of other languages are whole from the start. */
const files = import.meta.glob<string>('../../../../service/messages/en/{ui-later-,errors-lobby,errors-sources,lobby-players}*.ftl', { query: '?raw', import: 'default', eager: true });

export const laterText = Object.values(files).join('\n');
