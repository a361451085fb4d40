import { parse, type Entry, type Message } from '@fluent/syntax';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const messages = new URL('../../../../service/messages/', import.meta.url);
const source = new URL('../../', import.meta.url);

function own(language: string): Map<string, string> {
  const folder = new URL(`${language}/`, messages);
  const files = readdirSync(folder).filter((file) => file.startsWith('ui-') || file === 'errors-ui.ftl');
  const entries = files.flatMap((file): Entry[] => parse(readFileSync(new URL(file, folder), 'utf8'), {}).body);
  expect(entries.filter((entry) => entry.type === 'Junk')).toEqual([]);
  const found = entries.filter((entry): entry is Message => entry.type === 'Message');
  const ids = found.map((entry) => entry.id.name);
  expect(ids.length, `an id twice in ${language}`).toBe(new Set(ids).size);
  return new Map(found.map((entry) => [entry.id.name, JSON.stringify(entry.value)]));
}

function variables(value: string): string[] {
  return [...new Set([...value.matchAll(/"VariableReference","id":\{"type":"Identifier","name":"(\w+)"/g)].map((match) => match[1] ?? ''))].sort();
}

const english = own('en');
const german = own('de');

function code(): string {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('.test.ts') && !file.endsWith('ids.ts'))
    .map((file) => readFileSync(new URL(file, source), 'utf8'))
    .join('\n');
}

/** Ids made from a code of the service: `reason-<code>`. Their sentences are data, not uses. */
const families = ['reason-', 'notice-', 'error-', 'hint-', 'kind-', 'relation-', 'channel-', 'disclosure-', 'source-kind-', 'installation-', 'facet-trust-', 'facet-is-', 'facet-platform-', 'facet-side-'];

describe('messages of the window', () => {
  it('are the same in every language', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('use the same variables in every language', () => {
    for (const [id, value] of english) expect(variables(german.get(id) ?? ''), id).toEqual(variables(value));
  });

  it('are all used', () => {
    const text = code();
    const templates = [...text.matchAll(/`([a-z-]+-)\$\{[^}]*\}(-[a-z]+)?`/g)].map((match) => [match[1] ?? '', match[2] ?? ''] as const);
    const unused = [...english.keys()].filter((id) => {
      if (text.includes(`'${id}'`) || families.some((family) => id.startsWith(family))) return false;
      return !templates.some(([start, end]) => id.startsWith(start) && id.endsWith(end));
    });
    expect(unused).toEqual([]);
  });

  it('advise about errors without naming commands of the terminal', () => {
    const folder = new URL('en/', messages);
    const files = readdirSync(folder).filter((file) => file.startsWith('errors-') && file !== 'errors-cli.ftl');
    const hints = files.flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^error-([a-z-]+)-hint = .*\bmuster [a-z]/gm)].map(([, code]) => `hint-${code}`));
    expect(hints.length).toBeGreaterThan(5);
    expect(hints.filter((id) => !english.has(id))).toEqual([]);
    for (const [id, value] of [...english, ...german]) if (id.startsWith('hint-')) expect(value, id).not.toMatch(/\bmuster [a-z]/);
  });

  it('never shout', () => {
    for (const [id, value] of [...english, ...german]) expect(value, id).not.toMatch(/!|\bASAP\b/);
  });
});
