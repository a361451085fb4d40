/** A seeded world for tests, screenshots and `npm run dev`: every kind of package, seal, signature and state. */
import type {
  Advice, Game, Generation, KeyPeriod, Need, PackageDetail, PackageRow, PackageVersion, Profile, ProfileEntry, Seal, Signature, Source,
} from '../api';

/** The world's "now": screenshots must not change with the calendar. */
export const now = Date.parse('2026-11-20T19:30:00Z');
export const hour = 3_600_000;
export const day = 24 * hour;
export const iso = (time: number): string => new Date(time).toISOString();

export const community = 'reg-5f1c9a7be02d44f19a7753c86dbb0f1a2e93c4d5a6b7c8d9e0f102132435465f';
export const studio = 'reg-11c07f3be02d44f19a7753c86dbb0f1a2e93c4d5a6b7c8d9e0f1021324354aa90';
export const modSite = 'folder:0192f1c2-9d1e-7c3a-8a55-6d1f5f0f7a11';
export const profileId = '0193aa10-4a5e-7b21-9c11-2f5a3c4d5e6f';
export const secondProfile = '0193aa10-4a5e-7b21-9c11-2f5a3c4d5e70';

/** A small generator with a fixed seed, so that the world is the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function hexFrom(text: string): string {
  let seed = 7;
  for (const letter of text) seed = (seed * 31 + letter.charCodeAt(0)) | 0;
  const random = randomFrom(seed);
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');
}

type Known = [
  title: string, publisher: string, seal: Seal, size: number, downloads: number, hours: number, kind: string,
  version: string, license: string, signature: Signature, tags: string, summary: string,
];

const known: Known[] = [
  ['Compass Rose HUD', 'atelier-nord', 'trusted', 1_150_000, 96_200, 5, 'mod', '2.4.1', 'MIT', 'author', 'hud ui', 'A readable compass with party markers.'],
  ['Deep Storage', 'hollowbyte', 'trusted', 640_000, 1_104_000, 30, 'mod', '5.0.0', 'LGPL-2.1-or-later', 'author', 'storage items', 'Stack-aware chests, barrels and a search field for all of them.'],
  ['Tidewater Lighting', 'marlow', 'featured', 18_400_000, 412_000, 52, 'asset-pack', '5.1.0', 'CC-BY-SA-4.0', 'author', 'graphics light', 'Volumetric water light, softer dusk and lanterns that flicker less.'],
  ['Old Harbour Map', 'marlow', 'featured', 212_000_000, 88_000, 70, 'map', '1.3.0', 'CC-BY-4.0', 'author', 'map harbour', 'A walkable harbour town with three districts and a lighthouse.'],
  ['Night Market', 'marlow', 'featured', 1_900_000_000, 7_020, 96, 'modpack', '24.2.0', 'CC-BY-4.0', 'author', 'pack market', 'Stalls, lamps and late-night traders: 24 mods that were tested together.'],
  ['Quieter Gulls', 'newdev77', 'unverified', 12_300, 310, 7, 'mod', '0.2.0', 'CC0-1.0', 'none', 'sound animals', 'Gulls cry less often, and not at all at night.'],
  ['HUD Core', 'atelier-nord', 'trusted', 90_000, 905_000, 240, 'mod', '3.1.0', 'MIT', 'author', 'hud library', 'What other HUD mods are built on.'],
  ['Ledger of Debts', 'hollowbyte', 'verified', 220_000, 5_410, 18, 'mod', '0.9.2', 'GPL-3.0-or-later', 'rotated', 'economy', 'Traders remember who owes what.'],
  ['Fog of Trade', 'atelier-nord', 'trusted', 47_000_000, 61_300, 33, 'mod', '1.2.0', 'MIT', 'author', 'economy map', 'Prices are known only where you have been.'],
  ['Brass Fonts', 'typefoundry', 'verified', 4_000_000, 23_900, 400, 'asset-pack', '2.2.0', 'OFL-1.1', 'source-hash', 'fonts', 'Engraved letters for signs, maps and menus.'],
  ['Sail Physics Rework', 'windward', 'verified', 3_800_000, 118_000, 90, 'mod', '1.9.0', 'MIT', 'author', 'ships physics', 'Sails that luff, heel and tear.'],
  ['Wind Core', 'windward', 'verified', 310_000, 122_000, 140, 'mod', '2.0.1', 'MIT', 'author', 'ships library', 'Wind that turns and gusts, for mods that sail.'],
  ['Harbour Bells', 'newdev77', 'unverified', 12_000, 95, 3, 'mod', '0.1.0', 'MIT', 'key-changed', 'sound', 'Bells ring the watch in every harbour.'],
  ['Lantern Festival', 'marlow', 'featured', 64_000_000, 9_300, 12, 'collection', '3.0.0', 'CC-BY-4.0', 'author', 'pack light', 'Eleven lantern mods to pick from, with notes.'],
  ['Merchant Portraits', 'inkwell', 'verified', 88_000_000, 15_100, 700, 'asset-pack', '1.0.4', 'CC-BY-NC-4.0', 'author', 'graphics', 'Sixty painted portraits in place of the old ones.'],
  ['Tariff Removed', 'newdev77', 'unverified', 8_000, 41, 900, 'mod', '0.0.3', 'MIT', 'revoked', 'economy', 'Removes tariffs between harbours.'],
];

const first = ['Amber', 'Brine', 'Copper', 'Drift', 'Ember', 'Fathom', 'Gale', 'Harvest', 'Iron', 'Juniper', 'Kelp', 'Linen', 'Marsh', 'North', 'Orchard', 'Pewter', 'Quarry', 'Rust', 'Salt', 'Timber', 'Umber', 'Vellum', 'Willow', 'Yarrow'];
const second = ['Anchors', 'Beacons', 'Cargo', 'Docks', 'Engines', 'Flags', 'Gardens', 'Hulls', 'Islands', 'Jetties', 'Kilns', 'Lamps', 'Markets', 'Nets', 'Oars', 'Piers', 'Quays', 'Ropes', 'Sails', 'Taverns', 'Vaults', 'Weather'];
const third = ['', ' Extended', ' Remade', ' Plus', ' Lite', ' Redux', ' for Crews', ' HD'];
const tagList = ['hud', 'graphics', 'light', 'storage', 'economy', 'ships', 'sound', 'animals', 'map', 'weather', 'library'];
const licences = ['MIT', 'Apache-2.0', 'GPL-3.0-or-later', 'CC-BY-4.0', 'CC0-1.0'];
const publishers: [string, Seal][] = [['marlow', 'featured'], ['atelier-nord', 'trusted'], ['hollowbyte', 'trusted'], ['windward', 'verified'], ['inkwell', 'verified'], ['typefoundry', 'verified'], ['newdev77', 'unverified'], ['saltlamp', 'unverified']];

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

export function slug(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function row(k: Known): PackageRow {
  const [title, publisher, seal, size, downloads, hours, kind, version, license, signature, tags, summary] = k;
  const source = publisher === 'typefoundry' ? modSite : publisher === 'inkwell' ? studio : community;
  return {
    source, id: `${publisher}/${slug(title)}`, source_name: source === community ? 'Community' : source === studio ? 'Studio' : 'My folder',
    publisher, name: slug(title), title, summary, kind, version, size, downloads, updated: iso(now - hours * hour),
    tags: tags.split(' '), games: ['saltmere'], license, seal, signature, status: { state: 'absent' },
  };
}

export function makeRows(total: number): PackageRow[] {
  const rows = known.map(row);
  const random = randomFrom(20_261_120);
  for (let i = rows.length; i < total; i += 1) {
    const [publisher, seal] = pick(publishers, random);
    const series = Math.floor(i / 400);
    const title = `${pick(first, random)} ${pick(second, random)}${pick(third, random)}${series > 0 ? ` ${series}` : ''}`;
    const made = row([
      title, publisher, seal, Math.round(10 ** (4 + random() * 4.4)), Math.round(10 ** (1 + random() * 4.2)),
      Math.round(random() * 20_000) + 20, random() < 0.75 ? 'mod' : pick(['asset-pack', 'map', 'collection'], random),
      `${Math.floor(random() * 6)}.${Math.floor(random() * 12)}.${Math.floor(random() * 9)}`, pick(licences, random),
      publisher === 'typefoundry' ? 'source-hash' : 'author', `${pick(tagList, random)} ${pick(tagList, random)}`,
      `${title} brings new ${pick(second, random).toLowerCase()} to Saltmere and its neighbours.`,
    ]);
    made.id = `${made.id}-${i}`;
    rows.push(made);
  }
  return rows;
}

export function makeAdvice(severity: Advice['severity'], text: string, fixed?: string): Advice {
  return { id: '2026-7', severity, text, source: community, source_name: 'Community', published: iso(now - 2 * day), more: 'https://registry.example/advice/2026-7', ...(fixed !== undefined && { fixed_in: fixed }) };
}

export function makeEntries(rows: PackageRow[], last: number, advised: boolean): ProfileEntry[] {
  const entry = (index: number, extra: Partial<ProfileEntry> = {}): ProfileEntry => {
    const from = rows[index] as PackageRow;
    return {
      source: from.source, id: from.id, title: from.title, publisher: from.publisher, seal: from.seal, kind: from.kind,
      version: from.version, size: from.size, enabled: true, wished: true, needed_by: [], ...extra,
    };
  };
  const entries = [
    entry(6, { wished: false, needed_by: ['Compass Rose HUD'] }),
    entry(2, { version: '5.0.0', update: '5.1.0' }),
    entry(1, { version: '4.9.2', update: '5.0.0' }),
    entry(9, { enabled: false }),
    entry(10, { problem: { code: 'needs-disabled', context: { package: 'Brass Fonts' } } }),
    entry(7, { held: 'The crew keeps its old debts until spring' }),
  ];
  if (advised) {
    const bad: Partial<ProfileEntry>[] = [
      { advice: [makeAdvice('malware', 'Sends the names of your saves to a stranger')], problem: { code: 'advised-against', context: { severity: 'malware', source: 'Community', text: 'Sends the names of your saves to a stranger' } } },
      { advice: [makeAdvice('vulnerable', 'Other players can run commands on your machine', '1.3.0')], update: '1.3.0', problem: { code: 'advised-against', context: { severity: 'vulnerable', source: 'Community', text: 'Other players can run commands on your machine' } } },
      { advice: [makeAdvice('broken', 'Loses the cargo of ships that anchor')], enabled: false },
    ];
    [5, 8, 14].forEach((index, at) => entries.push(entry(index, bad[at])));
  }
  for (let i = 20; i < last; i += 1) entries.push(entry(i, i % 9 === 0 ? { enabled: false } : {}));
  return entries;
}

const cause = (code: string, titles = ''): Generation['cause'] => ({ code, context: titles === '' ? {} : { titles } });

/** A state of a profile: what the history says of it, and the packages that it had. */
export interface State {
  generation: Generation;
  entries: ProfileEntry[];
}

/** The history that leads to these packages, newest first; `more` older states make it long. */
export function makeHistory(entries: ProfileEntry[], more: number): State[] {
  const state = (generation: Omit<Generation, 'current'>, packages: ProfileEntry[]): State => ({ generation: { ...generation, current: false }, entries: packages });
  const without = (...titles: string[]): ProfileEntry[] => entries.filter((entry) => !titles.includes(entry.title));
  const last = 12 + more;
  const older = entries.slice(0, -3).map((entry, index) => (index < 2 ? { ...entry, version: `${entry.version}-rc.1` } : entry));
  const history = [
    state({ number: last, at: iso(now - 26 * 60_000), cause: { code: 'undo', context: { generation: String(last - 2) } } }, entries),
    state({ number: last - 1, at: iso(now - 27 * 60_000), cause: cause('disable', 'Sail Physics Rework') }, entries.map((entry) => (entry.title === 'Sail Physics Rework' ? { ...entry, enabled: false } : entry))),
    state({ number: last - 2, at: iso(now - 50 * 60_000), cause: cause('install', 'Ledger of Debts'), name: 'Before the lantern festival' }, entries),
    state({ number: last - 3, at: iso(now - 26 * hour), cause: cause('update', 'HUD Core, Wind Core') }, without('Ledger of Debts')),
    state({ number: last - 4, at: iso(now - 50 * hour), cause: cause('remove', 'Quieter Gulls') }, older),
  ];
  for (let number = last - 5; number > 0 && more > 0; number -= 1) {
    const packages = older.slice(0, 4 + (number % 18));
    history.push(state({ number, at: iso(now - (30 + (last - number) * 7) * hour), cause: cause(number % 3 === 0 ? 'remove' : 'install', packages.at(-1)?.title ?? '') }, packages));
  }
  history.push(state({ number: 0, at: iso(now - 400 * day), cause: cause('created') }, []));
  const newest = history[0];
  if (newest !== undefined) newest.generation.current = true;
  return history;
}

export const games: Game[] = [
  { id: 'saltmere', title: 'Saltmere', installations: [{ id: 'native', kind: 'steam', version: '1.8.2', places: { mods: '/games/saltmere/mods' }, worlds: ['Harbour', 'Test island'], storage: [{ place: 'mods', folder: '/games/saltmere/mods', method: 'reflink', reason: { code: 'stored-clones', context: {} }, store: '/games/.muster-store-4f1c' }] }] },
  { id: 'iron-orchard', title: 'Iron Orchard', installations: [{ id: 'flatpak', kind: 'flatpak', version: '0.44', places: { mods: '/games/iron-orchard/mods' }, storage: [{ place: 'mods', folder: '/games/iron-orchard/mods', method: 'copy', reason: { code: 'stored-no-folder', context: {} } }] }] },
  { id: 'night-rally', title: 'Night Rally', installations: [] },
];

/** What the definitions of the games name as their sources. */
export const gameSources: Record<string, string[]> = { saltmere: ['thunderstore:saltmere'], 'iron-orchard': ['modrinth:fabric', 'modrinth:quilt'] };

/** What the service makes by itself: one for each game that it finds. */
export function makeFirstProfiles(): Profile[] {
  const base = { name: 'My mods', installation: 'native', active: true, placed: true, generation: 0, on: 0, off: 0, updates: 0, problems: 0 };
  return [{ ...base, id: profileId, game: 'saltmere', game_title: 'Saltmere' }, { ...base, id: secondProfile, game: 'iron-orchard', game_title: 'Iron Orchard' }];
}

export function makeProfiles(total: number): Profile[] {
  const base = { game: 'saltmere', game_title: 'Saltmere', installation: 'native', active: false, generation: 0, on: 0, off: 0, updates: 0, problems: 0, side: 'client' as const, runs_on: 'linux' as const };
  const profiles: Profile[] = [
    { ...base, id: profileId, name: 'Friday crew', active: true, placed: true, world: 'Harbour' },
    { ...base, id: secondProfile, name: 'Quiet evenings' },
  ];
  for (let i = profiles.length; i < total; i += 1) profiles.push({ ...base, id: `0193aa10-4a5e-7b21-9c12-${String(i).padStart(12, '0')}`, name: `${first[i % first.length]} ${second[i % second.length]?.toLowerCase()} with everybody from the harbour ${i}` });
  return profiles;
}

export function makeSources(total: number): Source[] {
  const fingerprint = '9f3a52c1d4b8e7f60a1b2c3d4e5f60718293a4b5c6d7e8f90112233445566778';
  return [
    { id: community, alias: 'Community', kind: 'registry', address: 'https://registry.example/community', priority: 0, enabled: true, state: 'fresh', packages: Math.max(98_114, total), synced: iso(now - 4 * 60_000), root: fingerprint, root_words: 'amber-field-stone-quiet', test_keys: false },
    { id: studio, alias: 'Studio', kind: 'registry', address: 'https://mods.studio.example', priority: 1, enabled: true, state: 'stale', packages: 1_288, synced: iso(now - 6 * day), root: hexFrom('studio'), root_words: 'pine-copper-rain-oar', test_keys: true, problem: { type: 'urn:muster:problem:catalog-timeout', status: 503, code: 'catalog-timeout', title: 'timed out', trace: 'b2f1a9c0', context: { host: 'mods.studio.example' } } },
    { id: modSite, alias: 'My folder', kind: 'folder', address: '/home/ada/mods', priority: 2, enabled: true, state: 'fresh', packages: 112, synced: iso(now - 9 * 60_000), test_keys: false },
  ];
}

/** The keys of a publisher of the mock world: one that was handed over and withdrawn later, one that nobody accepted. */
function makeKeys(publisher: string): KeyPeriod[] {
  const present: KeyPeriod = { key: hexFrom(publisher), key_words: 'fern-slate-oar-harbour', how: 'handed-over', since: '2026-03-11T10:00:00Z' };
  const before: KeyPeriod = { key: hexFrom(`${publisher}0`), key_words: 'amber-field-stone-bell', how: 'pinned', since: '2025-03-11T10:00:00Z', until: present.since, replaced_by: present.key_words, withdrawn: '2026-04-02T08:00:00Z' };
  const shown: KeyPeriod = { key: hexFrom(`${publisher}9`), key_words: 'gull-rope-tar-anchor', how: 'shown', since: '2026-09-01T06:00:00Z' };
  return publisher === 'atelier-nord' ? [shown, present, before] : [{ ...present, how: 'pinned', since: before.since }];
}

export function makeDetail(from: PackageRow, rows: PackageRow[], present: (id: string) => boolean): PackageDetail {
  const versions: PackageVersion[] = [];
  const [major = 1, minor = 0] = from.version.split('.').map(Number);
  for (let i = 0; i < 6 && minor - i >= 0; i += 1) {
    versions.push({
      version: i === 0 ? from.version : `${major}.${minor - i}.0`, size: Math.round(from.size * (1 - i * 0.03)), sha256: hexFrom(`${from.id}${i}`),
      published: iso(Date.parse(from.updated ?? iso(now)) - i * 41 * day), channel: i === 2 ? 'beta' : 'stable', games: { saltmere: '>=1.6, <2' },
      ...(i === 4 && { advice: [makeAdvice('vulnerable', 'Other players can move your markers', from.version)] }),
      ...(i === 3 && { yanked: 'Loses chests when two players open them' }), installed: i === 1 && present(from.id), fits: i !== 5,
      changes_html: `<p>${i === 0 ? 'Markers no longer overlap in narrow windows.' : 'Small corrections.'}</p><ul><li>Reads the new map format</li><li>Uses less memory</li></ul>`,
    });
  }
  const core = rows.find((candidate) => candidate.title === (from.tags.includes('ships') ? 'Wind Core' : 'HUD Core'));
  const needs: Need[] = core === undefined || core.id === from.id || !/hud|ships/.test(from.tags.join(' ')) ? [] : [
    { relation: 'depends', any_of: [{ source: core.source, id: core.id, title: core.title, range: '^3.0', present: present(core.id) }] },
  ];
  if (from.title === 'Compass Rose HUD') {
    needs.push({ relation: 'conflicts', any_of: [{ source: community, id: 'saltlamp/old-compass', title: 'Old Compass', range: '*', present: false }] });
  }
  return {
    ...from,
    description_html: `<h3>What it does</h3><p>${from.summary} It stays out of the way until it is needed, and it can be moved to any corner of the screen.</p><p>Party members appear as small pennants. Distances are given in fathoms or metres, whichever the game uses.</p><h3>Settings</h3><ul><li><code>scale</code>: size of the ring, from 0.5 to 2</li><li><code>corner</code>: where it sits</li></ul><p>More on <a href="https://example.org/compass">the page of the author</a>.</p>`,
    authors: ['Ada North', 'Bo Lind'], homepage: 'https://example.org/compass', source_code: 'https://codeberg.org/atelier-nord/compass',
    tips: from.publisher === 'atelier-nord' ? ['https://ko-fi.com/ateliernord'] : [],
    disclosures: from.title === 'Merchant Portraits' ? ['ai-content'] : [], versions, needs,
    trust: {
      signature: from.signature,
      ...(from.signature !== 'none' && from.signature !== 'source-hash' && { key: hexFrom(from.publisher), key_words: 'fern-slate-oar-harbour', pinned: '2025-03-11T10:00:00Z' }),
      ...(from.signature === 'key-changed' && { presented_key: hexFrom(`${from.publisher}2`) }),
      ...(from.signature === 'author' && { history: makeKeys(from.publisher) }),
    },
  };
}
