/** Collections of the mock world: one that is applied with an update, one that can be, each with every state of a package. */
import { emptyChange, type ChangeRequest, type Collection, type CollectionMember, type CollectionOffer, type CollectionRequest, type MemberState, type PackageKey, type PackageRow, type PlanPreview, type ProfileEntry } from '../api';

export interface World {
  rows: PackageRow[];
  entries: ProfileEntry[];
  plan: (request: ChangeRequest) => PlanPreview;
}

const same = (a: PackageKey, b: PackageKey): boolean => a.source === b.source && a.id === b.id;
const listed = 14;

function packagesOf(collection: PackageRow, rows: PackageRow[]): PackageRow[] {
  const start = collection.title === 'Night Market' ? 0 : 5;
  return rows.filter((row) => row.kind !== 'collection' && row.kind !== 'modpack' && !['revoked', 'key-changed'].includes(row.signature)).slice(start, start + listed);
}

function stateOf(row: PackageRow, at: number, entry: ProfileEntry | undefined, applied: boolean): MemberState {
  if (entry !== undefined) return entry.held !== undefined ? 'yours' : entry.update === undefined ? 'here' : 'comes';
  if (at % 7 === 3) return 'missing';
  if (at % 7 === 5) return 'not-chosen';
  return applied && row.title === 'Fog of Trade' ? 'taken-out' : 'comes';
}

function membersOf(collection: PackageRow, { rows, entries }: World, request?: CollectionRequest): CollectionMember[] {
  const applied = entries.some((entry) => same(entry, collection));
  const members = packagesOf(collection, rows).map((row, at): CollectionMember => {
    const entry = entries.find((one) => same(one, row));
    const has = (list: PackageKey[] | undefined): boolean => list?.some((one) => same(one, row)) ?? false;
    const plain = stateOf(row, at, entry, applied);
    const state = request?.aim === 'leave' && entry?.wished === false ? 'goes' : has(request?.with) ? 'comes' : has(request?.without) ? (plain === 'not-chosen' ? plain : 'left-out') : plain;
    return { source: row.source, id: row.id, title: row.title, range: `^${row.version}`, optional: at % 7 === 5, state, source_here: true, ...(entry && { version: entry.version }) };
  });
  return collection.title === 'Night Market' ? [...members, { source: 'reg-far', id: 'far/harbour-music', title: 'harbour-music', range: '^2.0', optional: false, state: 'missing', source_here: false }] : members;
}

export function collectionsIn(world: World): Collection[] {
  const applied = world.rows.filter((row) => (row.kind === 'collection' || row.kind === 'modpack') && world.entries.some((entry) => same(entry, row)));
  return applied.map((row) => {
    const entry = world.entries.find((one) => same(one, row));
    const members = membersOf(row, world);
    const states = [...new Set(members.map(({ state }) => state))];
    return {
      source: row.source, id: row.id, title: row.title, version: entry?.version ?? row.version, ...(entry?.update !== undefined && { update: entry.update }),
      members: states.map((state) => ({ state, count: members.filter((member) => member.state === state).length })),
    };
  });
}

export function inspectCollection(request: CollectionRequest, row: PackageRow, world: World): CollectionOffer {
  const entry = world.entries.find((one) => same(one, row));
  const members = membersOf(row, world, request);
  const key = { source: row.source, id: row.id };
  const wanted = members.filter(({ state }) => state === 'comes').map(({ source, id }) => ({ source, id }));
  const leaves = request.aim === 'leave' || request.aim === 'leave-alone';
  const change: ChangeRequest = leaves
    ? { ...emptyChange, remove: [key, ...members.filter(({ state }) => state === 'goes').map(({ source, id }) => ({ source, id }))] }
    : { ...emptyChange, install: [...(entry?.version === row.version ? [] : [key]), ...wanted] };
  const asks = change.install.length + change.remove.length > 0;
  return {
    ...key, title: row.title, members, change, ...(entry && { from: entry.version }), ...(!leaves && { to: row.version }),
    ...(asks && { plan: { ...world.plan(change), profile: request.profile } }),
  };
}
