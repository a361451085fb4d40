/** Search over the mock world: words, include and exclude facets, sorts, counts. */
import type { Facet, PackageKey, PackageRow, PackageState, SearchPage, SearchRequest } from '../api';
import { featured, trending } from './suggest';

interface Term {
  key: string | undefined;
  value: string;
  include: boolean;
}

const facetKeys = ['game', 'kind', 'tag', 'license', 'source', 'trust', 'is'];

function parse(q: string): Term[] {
  return q.split(/\s+/).filter((part) => part !== '').map((part) => {
    const match = /^(-?)([a-z]+):(.+)$/.exec(part);
    if (match === null) return { key: undefined, value: part.toLowerCase(), include: true };
    return { key: match[2], value: (match[3] ?? '').replace(/^"|"$/g, ''), include: match[1] === '' };
  });
}

function values(row: PackageRow, key: string, state: (key: PackageKey) => PackageState): string[] {
  switch (key) {
    case 'game': return row.games;
    case 'kind': return [row.kind];
    case 'tag': return row.tags;
    case 'license': return row.license === undefined ? [] : [row.license];
    case 'source': return [row.source_name.toLowerCase().replace(/\s+/g, '-')];
    case 'trust': return [row.seal];
    case 'publisher': return [row.publisher];
    case 'is': {
      const now = state(row).state;
      return now === 'absent' ? [] : now === 'update' ? ['installed', 'updatable'] : ['installed'];
    }
    default: return [];
  }
}

export function search(all: PackageRow[], request: SearchRequest, state: (key: PackageKey) => PackageState): SearchPage {
  const terms = parse(request.q);
  const isFeatured = (term: Term): boolean => term.key === 'is' && term.value === 'featured' && term.include;
  const from = terms.some(isFeatured) ? featured(all) : request.sort === 'trending' ? trending(all) : all;
  const ordered = from !== all;
  const matches = from.filter((row) => terms.every((term) => {
    if (isFeatured(term)) return true;
    if (term.key !== undefined) return values(row, term.key, state).includes(term.value) === term.include;
    return `${row.title} ${row.summary} ${row.publisher} ${row.tags.join(' ')}`.toLowerCase().includes(term.value);
  }));
  const words = terms.filter((term) => term.key === undefined).map((term) => term.value);
  const rank = (row: PackageRow): number => (words.some((word) => row.title.toLowerCase().includes(word)) ? 1e9 : 0) + (row.downloads ?? 0);
  const sorts: Record<string, (a: PackageRow, b: PackageRow) => number> = {
    relevance: (a, b) => rank(b) - rank(a),
    downloads: (a, b) => (b.downloads ?? 0) - (a.downloads ?? 0),
    newest: (a, b) => (b.updated ?? '').localeCompare(a.updated ?? ''),
    updated: (a, b) => (b.updated ?? '').localeCompare(a.updated ?? ''),
    name: (a, b) => (a.title < b.title ? -1 : 1),
  };
  if (!ordered && (request.q !== '' || request.sort !== 'relevance')) matches.sort(sorts[request.sort]);
  return {
    total: matches.length, all: all.length,
    rows: matches.slice(request.offset, request.offset + (request.limit || 50)),
    facets: facetKeys.map((key) => facet(key, matches, terms, state)).filter((one) => one.values.length > 0),
    ...(matches.length === 0 && words[0]?.startsWith('li') && { did_you_mean: 'light' }),
  };
}

function facet(key: string, rows: PackageRow[], terms: Term[], state: (key: PackageKey) => PackageState): Facet {
  const counts = new Map<string, number>();
  for (const term of terms) if (term.key === key) counts.set(term.value, 0);
  for (const row of rows) for (const value of values(row, key, state)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const list = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 12);
  return {
    key,
    values: list.map(([value, count]) => {
      const term = terms.find((one) => one.key === key && one.value === value);
      return { value, count, ...(term && { selected: term.include }) };
    }),
  };
}
