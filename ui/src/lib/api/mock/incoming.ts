/** What somebody sends in the mock world: a shared profile of the harbour, another game's, and a plain archive. */
import { emptyChange, type ChangeRequest, type Incoming, type IncomingFrom, type PackageRow, type PlanPreview, type ProfileEntry, type SharedOffer } from '../api';
import { community, hexFrom, iso, now } from './world';

const owner = { fingerprint: hexFrom('crew'), words: 'lantern-oak-tide-brass', signed: true };

/** What was chosen last; the real window keeps it outside of the page. */
export class MockIncoming {
  private chosen = '/home/ada/downloads/harbour-nights.json';

  choose(name = '/home/ada/downloads/harbour-nights.json'): string {
    this.chosen = name;
    return name;
  }

  isFile(from: IncomingFrom): boolean {
    return from.what === 'chosen' && /\.(zip|muster|jar)$/.test(this.chosen);
  }

  isStrange(from: IncomingFrom): boolean {
    return from.what === 'chosen' && this.chosen.includes('stranger');
  }
}

/** The change that a shared profile asks for. */
export function sharedChange(rows: PackageRow[], entries: ProfileEntry[], keepOthers: boolean): ChangeRequest {
  const have = new Set(entries.map(({ id }) => id));
  const wished = rows.filter(({ id, signature }) => !have.has(id) && signature === 'author').slice(0, 3);
  const update = entries.filter((entry) => entry.update !== undefined).slice(0, 1);
  const remove = keepOthers ? [] : entries.filter((entry) => entry.wished && entry.update === undefined).slice(-2);
  return { ...emptyChange, install: wished.map(({ source, id }) => ({ source, id })), update, remove };
}

export function sharedOffer(plan: PlanPreview | undefined, strange: boolean): Extract<Incoming, { kind: 'shared' }> {
  const offer: SharedOffer = {
    name: strange ? 'Evenings far away' : 'Harbour nights', game: 'saltmere', version: 9, written: iso(now - 3 * 3_600_000), note: strange ? '' : 'Lanterns for the festival.\nThe old bells are gone.',
    owners: strange ? [] : [owner], packages: 12, digest: hexFrom('offer'),
    sources: [{ id: community, here: true }, ...(strange ? [{ id: `reg-${hexFrom('far')}`, address: 'https://far.example/index', here: false }] : [])],
    ...(plan !== undefined && !strange && plan.items.length > 0 && { plan }),
  };
  return { kind: 'shared', offer };
}
