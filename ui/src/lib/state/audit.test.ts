import { expect, it } from 'vitest';
import type { Advice, AuditFinding, AuditReport, ProfileEntry } from '$lib/api/api';
import { elsewhere, findingsOf, wayOut, whyHere } from './audit.svelte';

const advice = (severity: Advice['severity']): Advice => ({ id: '1', severity, text: 'x', source: 's', source_name: 'S', published: '2026-01-01T00:00:00Z' });
const finding = (title: string, severity: Advice['severity'], profile = 'p', enabled = true): AuditFinding => ({ profile, profile_name: profile.toUpperCase(), title, version: '1', enabled, placed: true, advice: [advice(severity)], source: 's', id: title });
const report: AuditReport = { packages: 9, findings: [finding('off', 'malware', 'p', false), finding('b', 'broken'), finding('m', 'malware'), finding('a', 'broken'), finding('x', 'broken', 'q'), finding('y', 'broken', 'q'), finding('z', 'broken', 'r', false)] };
const entry = (title: string, wished: boolean, ...needed_by: string[]): ProfileEntry => ({ title, id: title, source: 's', wished, needed_by, publisher: '', seal: 'verified', kind: 'mod', version: '1', size: 1, enabled: true });

it('puts what is on before what is off, and the worst first', () => {
  expect(findingsOf(report, 'p').map(({ title }) => title)).toEqual(['m', 'a', 'b', 'off']);
  expect(findingsOf(undefined, 'p')).toEqual([]);
});

it('counts what is on in other profiles', () => {
  expect(elsewhere(report, 'p')).toEqual([{ id: 'q', name: 'Q', count: 2 }]);
});

it('offers a newer version before turning off, and nothing for what is off', () => {
  expect(wayOut({ enabled: true }, { update: '2' })).toBe('update');
  expect(wayOut({ enabled: true }, {})).toBe('quarantine');
  expect(wayOut({ enabled: false }, undefined)).toBe('off');
});

it('tells by the shortest way who asked for a package', () => {
  const all = [entry('core', false, 'lib', 'hud'), entry('lib', false, 'far'), entry('far', true), entry('hud', false, 'near', 'core'), entry('near', true, 'core')];
  const names = (title: string) => whyHere(all, all.find((one) => one.title === title) as ProfileEntry).map((one) => one.title);
  expect(names('core')).toEqual(['far', 'lib']);
  expect(names('hud')).toEqual(['near']);
  expect(names('far')).toEqual([]);
});

it('does not go round in circles, and says nothing where nobody asked', () => {
  const all = [entry('a', false, 'b'), entry('b', false, 'a')];
  expect(whyHere(all, all[0] as ProfileEntry)).toEqual([]);
});
