/** Search text as one state: plain words for the field, facets for the chips, and back to one string. */

export interface FacetTerm {
  key: string;
  value: string;
  include: boolean;
}

export interface Query {
  words: string;
  facets: FacetTerm[];
}

/** Keys that may be typed; anything else with a colon stays plain text. */
export const facetKeys = [
  'tag', 'kind', 'publisher', 'license', 'platform', 'side', 'source', 'channel', 'disclosure', 'is', 'trust', 'size', 'updated', 'game',
];

const term = /^(-?)([a-z]+):("[^"]*"|\S+)$/;

function tokens(text: string): string[] {
  return text.match(/-?[a-z]+:"[^"]*"|\S+/g) ?? [];
}

function parseTerm(token: string): FacetTerm | undefined {
  const match = term.exec(token);
  const [, minus, key, value] = match ?? [];
  if (key === undefined || value === undefined || !facetKeys.includes(key)) return undefined;
  return { key, value: value.replace(/^"|"$/g, ''), include: minus === '' };
}

export function parseQuery(text: string): Query {
  const facets: FacetTerm[] = [];
  const words: string[] = [];
  for (const token of tokens(text)) {
    const facet = parseTerm(token);
    if (facet === undefined) words.push(token);
    else if (!facets.some((one) => one.key === facet.key && one.value === facet.value)) facets.push(facet);
  }
  return { words: words.join(' '), facets };
}

function termText(facet: FacetTerm): string {
  const value = /\s/.test(facet.value) ? `"${facet.value}"` : facet.value;
  return `${facet.include ? '' : '-'}${facet.key}:${value}`;
}

export function queryText(query: Query): string {
  return [...query.facets.map(termText), query.words.trim()].filter((part) => part !== '').join(' ');
}

/** Splits typed text into what stays in the field and the facets that are finished (followed by a space). */
export function takeFacets(typed: string, all: boolean): Query {
  const finished = all ? typed : typed.slice(0, typed.lastIndexOf(' ') + 1);
  const rest = all ? '' : typed.slice(finished.length);
  if (!tokens(finished).some((token) => parseTerm(token) !== undefined)) return { words: typed, facets: [] };
  const { words, facets } = parseQuery(finished);
  return { words: words === '' ? rest : `${words} ${rest}`, facets };
}

/** Off → include → exclude → off. */
export function cycleFacet(facets: FacetTerm[], key: string, value: string): FacetTerm[] {
  const present = facets.find((one) => one.key === key && one.value === value);
  const others = facets.filter((one) => one !== present);
  if (present === undefined) return [...others, { key, value, include: true }];
  return present.include ? [...others, { key, value, include: false }] : others;
}

export function mergeFacets(facets: FacetTerm[], more: FacetTerm[]): FacetTerm[] {
  const others = facets.filter((one) => !more.some((add) => add.key === one.key && add.value === one.value));
  return [...others, ...more];
}
