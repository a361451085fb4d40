// Sizes of the first load, compressed, against the numbers of the design guide (14, row 17). Prints them; fails when over.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = process.argv[2] ?? 'dist';
const budgets = { js: 130, css: 20, fonts: 90, lazy: 90, allJs: 350 };

const assets = join(folder, 'assets');
const files = readdirSync(assets);
const html = readFileSync(join(folder, 'index.html'), 'utf8');
const sizeOf = (file) => {
  const bytes = readFileSync(join(assets, file));
  return (file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length) / 1000;
};
const sum = (list) => list.reduce((total, file) => total + sizeOf(file), 0);

const scripts = files.filter((file) => file.endsWith('.js'));
const first = scripts.filter((file) => html.includes(file));
const lazy = scripts.filter((file) => !first.includes(file));
const styles = files.filter((file) => file.endsWith('.css'));
const sizes = {
  js: sum(first),
  css: sum(styles.filter((file) => html.includes(file))),
  fonts: sum(files.filter((file) => file.endsWith('.woff2'))),
  lazy: Math.max(0, ...lazy.map(sizeOf)),
  allJs: sum(scripts),
};

let over = false;
for (const [name, budget] of Object.entries(budgets)) {
  const size = sizes[name];
  over ||= size > budget;
  console.log(`${name.padEnd(6)} ${size.toFixed(1).padStart(6)} kB of ${budget} kB${size > budget ? '  OVER' : ''}`);
}
if (over) process.exit(1);
