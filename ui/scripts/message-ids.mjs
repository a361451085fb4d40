// Makes src/lib/i18n/ids.ts: the ids of the window's own messages, so that a wrong one does not compile.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from '@fluent/syntax';

const folder = fileURLToPath(new URL('../../service/messages/en/', import.meta.url));
const target = fileURLToPath(new URL('../src/lib/i18n/ids.ts', import.meta.url));

const ids = readdirSync(folder)
  .filter((file) => file.startsWith('ui-') && file.endsWith('.ftl'))
  .sort()
  .flatMap((file) => parse(readFileSync(folder + file, 'utf8'), {}).body)
  .filter((entry) => entry.type === 'Message')
  .map((entry) => entry.id.name);

const lines = ids.map((id) => `  | '${id}'`);
const text = `// Made by scripts/message-ids.mjs from service/messages/en/ui-*.ftl; do not edit.\n\nexport type MessageId =\n${lines.join('\n')};\n`;
let current = '';
try {
  current = readFileSync(target, 'utf8');
} catch {
  // First run.
}
if (current !== text) writeFileSync(target, text);
