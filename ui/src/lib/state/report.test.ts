import { expect, it } from 'vitest';
import type { PackageDetail, Source } from '$lib/api/api';
import { reportPages, reportText } from './report';

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
