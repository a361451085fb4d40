import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { firstChunk } from './scripts/first-chunk.ts';
import { iconSprite } from './scripts/icon-sprite.ts';

/** The mock world and the HTTP bridge are for tests and `npm run dev`; a product build leaves them out. */
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), iconSprite()],
  define: { __TEST_BRIDGES__: JSON.stringify(mode !== 'production') },
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  server: { port: 1420, strictPort: true, fs: { allow: ['..'] } },
  preview: {
    port: 4319,
    strictPort: true,
    // The policy of the real window (src-tauri/tauri.conf.json), so that tests meet what it forbids.
    headers: {
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self' http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-src 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html muster-prose",
    },
  },
  build: {
    target: ['safari16.4', 'edge120'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: firstChunk(fileURLToPath(new URL('./src/main.ts', import.meta.url))), debugName: 'first' }] } },
    },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}));
