// Puts one SVG sprite with the icons that are used into index.html, made from lucide-static (ISC).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { icons } from '../src/lib/kit/icons.ts';

const require = createRequire(import.meta.url);

function symbol(name: string, file: string): string {
  const source = readFileSync(require.resolve(`lucide-static/icons/${file}.svg`), 'utf8');
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(source)?.[1];
  if (inner === undefined) throw new Error(`no drawing in icon ${file}`);
  return `<symbol id="icon-${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, ' ').trim()}</symbol>`;
}

export function iconSprite(): Plugin {
  return {
    name: 'muster-icon-sprite',
    transformIndexHtml(html) {
      const symbols = Object.entries(icons).map(([name, file]) => symbol(name, file));
      return html.replace(
        '<!-- icons -->',
        `<div hidden><svg width="0" height="0">${symbols.join('')}</svg></div>`,
      );
    },
  };
}
