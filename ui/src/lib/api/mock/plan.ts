/** What a change would do to the profile of the mock world. */
import type { ChangeRequest, PackageKey, PackageRow, PlanItem, PlanPreview, ProfileEntry } from '../api';
import type { MockFeatures } from './features';
import { hexFrom, makeDetail, profileId } from './world';

const same = (a: PackageKey, b: PackageKey): boolean => a.source === b.source && a.id === b.id;

function item(row: PackageRow, action: PlanItem['action'], extra: Partial<PlanItem> = {}): PlanItem {
  return {
    action, source: row.source, id: row.id, title: row.title, publisher: row.publisher, to: row.version,
    size: row.size, here: 0, needed_by: [], license: row.license, seal: row.seal, signature: row.signature, ...extra,
  };
}

/** The difference that a change would make, with the bytes that are here already. */
export function planOf(request: ChangeRequest, rows: PackageRow[], entries: ProfileEntry[], known: (key: PackageKey) => PackageRow, features: MockFeatures): PlanPreview {
  const items: PlanItem[] = [];
  for (const wish of request.install) {
    const row = known(wish);
    const entry = entries.find((candidate) => same(candidate, wish));
    items.push(item(row, entry === undefined ? 'add' : 'change', {
      to: wish.range?.replace(/^=/, '') ?? row.version, ...(entry && { from: entry.version, here: Math.round(row.size * 0.9) }),
    }));
    const detail = makeDetail(row, rows, () => false);
    for (const need of detail.needs.filter((one) => one.relation === 'depends')) {
      const option = need.any_of[0];
      if (option && !entries.some((candidate) => same(candidate, option))) {
        items.push(item(known(option), 'add', { needed_by: [row.title] }));
      }
    }
}
  // What features bring comes and goes with them, unless the player has it anyway.
  for (const of of features.plan(request, known)) {
    const row = known(of);
    const isHere = entries.some((entry) => same(entry, row));
    for (const { row: brought, feature } of features.needs(row, rows, request.features ?? [])) {
      const entry = entries.find((candidate) => same(candidate, brought));
      const needed = { needed_by: [row.title], for_features: [{ package: row.title, feature: feature.title }] };
      if (feature.on && entry === undefined) items.push(item(known(brought), 'add', needed));
      if (!feature.on && isHere && entry !== undefined && !entry.wished) items.push(item(known(brought), 'remove', { size: 0, from: entry.version }));
    }
  }
  const updates = request.update_all ? entries.filter((entry) => entry.update !== undefined) : request.update;
  for (const key of updates) {
    const row = known(key);
    const from = entries.find((entry) => same(entry, key))?.version;
    items.push(item(row, 'change', { ...(from && { from }), here: Math.round(row.size * 0.94) }));
}
  const plain: [PlanItem['action'], PackageKey[]][] = [['remove', request.remove], ['enable', request.enable], ['disable', request.disable]];
  for (const [action, keys] of plain) for (const key of keys) items.push(item(known(key), action, { size: 0 }));
  const download = items.reduce((sum, item) => sum + item.size - item.here, 0);
  const blocked = items.filter((item) => ['key-changed', 'broken', 'revoked', 'removed'].includes(item.signature));
  return {
    profile: profileId, digest: hexFrom(JSON.stringify(request)), items, keeps: entries.length, download,
    here: items.reduce((sum, item) => sum + item.here, 0), unpacked: Math.round(download * 1.8),
    notices: blocked.map((item) => ({ code: item.signature, blocking: true, context: { package: item.title, publisher: item.publisher } })),
    features: features.plan(request, known), offers: features.offers(request, rows, known),
  };
}
