/** What links ask for in the mock world. */
import { emptyChange, localProblem, type ChangeRequest, type LinkInspection, type PackageKey, type PackageRow, type PackageState, type PlanPreview } from '../api';
import { hexFrom } from './world';

interface World {
  rows: PackageRow[];
  stateOf: (key: PackageKey) => PackageState;
  plan: (request: ChangeRequest) => PlanPreview;
}

export function inspectLink(link: string, { rows, stateOf, plan: preview }: World): LinkInspection {
  if (link.startsWith('muster://join/')) return { kind: 'lobby', peers: link.includes('?') ? new URLSearchParams(link.split('?')[1]).getAll('peer') : [] };
  const [kind, source = '', publisher = '', rest = ''] = link.replace(/^muster:\/\//, '').split('/');
  if (kind === 'source') return { kind: 'add-source', root: hexFrom('new'), root_words: 'willow-brass-tide-candle', address: 'https://mods.example/index', known: false };
  const name = rest.split('@')[0];
  const row = rows.find((candidate) => candidate.id === `${publisher}/${name}`);
  if (source === 'unknown') return { kind: 'unknown-source', source, package: `${publisher}/${name}` };
  if (row === undefined) return { kind: 'refused', problem: { ...localProblem('catalog-unknown-package', link), context: { package: link } } };
  const found = { ...row, status: stateOf(row) };
  if (['on', 'off'].includes(found.status.state)) return { kind: 'present', package: found };
  const request = { ...emptyChange, install: [{ source: row.source, id: row.id }] };
  const plan = preview(request);
  return { kind: 'package', package: found, plan, request: { ...request, agreed: plan.digest } };
}
