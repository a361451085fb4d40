import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('.', import.meta.url);
const source = readFileSync(new URL('tokens.css', folder), 'utf8');

function block(selector: string): Map<string, string> {
  const start = source.indexOf(`${selector} {`);
  const text = source.slice(start, source.indexOf('\n  }', start));
  return new Map([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

const themes = { light: block(':root'), dark: block(":root[data-theme='dark']") };

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const planes = ['canvas', 'surface', 'sunken', 'raised'];
const pairs: [text: string, on: string[], least: number][] = [
  ['text', [...planes, 'select', 'accent-soft', 'ok-soft', 'warn-soft', 'bad-soft'], 4.5],
  ['text-2', [...planes, 'select', 'accent-soft'], 4.5],
  ['text-3', [...planes, 'select'], 4.5],
  ['accent-text', [...planes, 'select', 'accent-soft'], 4.5],
  ['on-accent', ['accent', 'accent-hover'], 4.5],
  ['ok', [...planes, 'ok-soft'], 4.5],
  ['warn', [...planes, 'warn-soft'], 4.5],
  ['bad', [...planes, 'bad-soft'], 4.5],
  ['edge', planes, 3],
  ['accent', planes, 3],
  ['peer', ['sunken'], 3],
  ['server', ['sunken'], 3],
  ['here', ['sunken'], 3],
  ['share', ['sunken'], 3],
];

describe.each(Object.entries(themes))('%s theme', (_, tokens) => {
  it.each(pairs)('%s is readable', (name, on, least) => {
    for (const plane of on) {
      const ratio = contrast(tokens.get(name) ?? '', tokens.get(plane) ?? '');
      expect(ratio, `${name} on ${plane}`).toBeGreaterThanOrEqual(least);
    }
  });
});

it('both themes define the same colours', () => {
  expect([...themes.dark.keys()]).toEqual([...themes.light.keys()]);
});

/** All style text outside tokens.css, by file. */
function styles(): [string, string][] {
  const root = new URL('../', folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(css|svelte)$/.test(file) && !file.endsWith('tokens.css'))
    .map((file) => {
      const text = readFileSync(new URL(file, root), 'utf8');
      return [file, file.endsWith('.css') ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '')];
    });
}

describe('styles outside tokens.css', () => {
  const all = styles();
  it.each([
    ['raw colours', /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i],
    ['blur', /backdrop-filter|blur\(/],
    ['animations', /animation|@keyframes/],
    ['transitions of geometry', /transition(-property)?:[^;]*(all|width|height|top|left|margin|background)/],
    ['sides that break right-to-left', /(margin|padding|border)-(left|right)|(^|[^-])\b(left|right):|text-align: (left|right)/m],
    ['capitals', /text-transform: uppercase/],
  ])('have no %s', (_, forbidden) => {
    expect(all.filter(([, text]) => forbidden.test(text)).map(([file]) => file)).toEqual([]);
  });
});
