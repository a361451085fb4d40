import { expect, it } from 'vitest';
import type { PackageDetail, Source } from '$lib/api/api';
import { reportForms, reportPages, reportText } from './report';

const detail = {
  source: 'reg-1', id: 'alice/trees', title: 'Trees', publisher: 'alice', version: '2.0.0', trust: { signature: 'author', key: 'ab12' },
  source_code: 'https://code.example/trees', homepage: 'javascript:alert(1)',
  versions: [{ version: '2.0.0', size: 9, sha256: 'ff' }, { version: '1.0.0', size: 7, sha256: 'ee', installed: true }],
} as unknown as PackageDetail;
const source = { id: 'reg-1', address: 'https://mods.example/index' } as Source;

it('names the very bytes that are installed, and what nobody knows not at all', () => {
  const text = reportText(detail, source, '0.1.0');
  expect(text).toContain('version: 1.0.0 (installed)\nsha256: ee\nsize: 7 bytes');
  expect(text).toContain('publisher key: ab12');
  expect(text).not.toMatch(/undefined|license|shown now/);
});

it('offers web pages alone, each host once', () => {
  expect(reportPages(detail, source)).toEqual([{ host: 'code.example', address: 'https://code.example/trees' }, { host: 'mods.example', address: 'https://mods.example/index' }]);
  expect(reportPages(detail, { ...source, address: '/home/ada/mods' }).map(({ host }) => host)).toEqual(['code.example']);
});

it('fills in what the source, or the place of the code, takes', () => {
  const form = (more: Partial<PackageDetail>, kind = 'registry', text = 'what is wrong:'): string[] => reportForms({ ...detail, source_code: undefined, homepage: undefined, ...more } as PackageDetail, { ...source, kind } as Source, text).map(({ address }) => address);
  expect(form({})).toEqual([]);
  expect(form({ source_code: 'https://github.com/alice/trees.git' })).toEqual(['https://github.com/alice/trees/issues/new?title=Trees+%28alice%2Ftrees%29&body=what+is+wrong%3A']);
  expect(form({ homepage: 'https://gitlab.com/alice/trees/-/wikis/home' })[0]).toMatch(/^https:\/\/gitlab\.com\/alice\/trees\/-\/issues\/new\?issue%5Btitle%5D=/);
  expect(form({}, 'contentdb')).toEqual(['https://content.luanti.org/report/?url=https%3A%2F%2Fcontent.luanti.org%2Fpackages%2Falice%2Ftrees%2F']);
  // The list of CKAN takes it where the code lies, too: one page of a host.
  expect(form({ source_code: 'https://github.com/alice/trees' }, 'ckan').map((address) => new URL(address).pathname)).toEqual(['/KSP-CKAN/NetKAN/issues/new']);
  expect(form({ source_code: 'https://codeberg.org/alice/trees' }, 'registry', 'x'.repeat(3_000))[0]).toBe('https://codeberg.org/alice/trees/issues/new?title=Trees+%28alice%2Ftrees%29');
  for (const address of ['https://github.com/alice', 'https://github.com.evil.example/a/b', 'http://github.com/a/b', 'javascript:alert(1)']) expect(form({ source_code: address }), address).toEqual([]);
});
