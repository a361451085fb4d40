/** Pseudo-locales: text that shows what breaks when it gets longer or runs from right to left. */

const accents: Record<string, string> = {
  a: 'á', c: 'ç', e: 'é', i: 'í', n: 'ñ', o: 'ó', u: 'ü', y: 'ý', A: 'Á', C: 'Ç', E: 'É', I: 'Í', N: 'Ñ', O: 'Ó', U: 'Ü',
};

/** About 40 % longer, accented. Brackets around each piece show where text was cut or put together. */
export function long(text: string): string {
  if (text.trim() === '') return text;
  const accented = Array.from(text, (letter) => accents[letter] ?? letter).join('');
  const letters = text.replace(/[^\p{L}]/gu, '').length;
  // In words of their own, as longer text has: one long word would break what no language breaks.
  const padding = '~'.repeat(Math.ceil(letters * 0.4)).replace(/~{8}(?=~)/g, '~~~~~~~~ ');
  return `[${accented}${padding}]`;
}

/** The same text, forced to run from right to left. */
export function rightToLeft(text: string): string {
  return text.trim() === '' ? text : `\u202e${text}\u202c`;
}
