/** What somebody sends in the mock world: a shared profile of the harbour, another game's, a ticket, and a plain archive. */
import { ApiError, emptyChange, localProblem, type ChangeRequest, type Incoming, type IncomingFrom, type PackageRow, type PackOffer, type PlanPreview, type ProfileEntry, type SharedOffer } from '../api';
import { community, hexFrom, iso, now } from './world';

const owner = { fingerprint: hexFrom('crew'), words: 'lantern-oak-tide-brass', signed: true };

/** What was chosen last; the real window keeps it outside of the page. */
export class MockIncoming {
  private chosen = '/home/ada/downloads/harbour-nights.json';

  /** Tests say what the player chooses next. */
  next = '/home/ada/downloads/harbour-nights.json';

  choose(name = this.next): string {
    this.chosen = name;
    return name;
  }

  /** What it turns out to be; a text that is no profile is refused. */
  lookAt(from: IncomingFrom, rows: PackageRow[], plan: () => PlanPreview): Incoming {
    const ends = (pattern: RegExp): boolean => from.what === 'chosen' && pattern.test(this.chosen);
    if (from.what === 'code' || ends(/\.(mrpack|r2z)$/)) return { kind: 'pack', offer: packOffer(plan()) };
    if (ends(/ticket[^/]*\.json$/)) return { kind: 'ticket', ticket: '{"signed":{"_type":"muster-ticket"}}' };
    if (ends(/huge[^/]*\.json$/)) throw new ApiError(localProblem('app-ticket-too-large', 'too large'));
    if (ends(/\.(zip|muster|jar)$/)) return { kind: 'file', wish: { source: rows[0]?.source ?? '', id: rows[0]?.id ?? '' } };
    if (from.what === 'text' && !from.text.includes('signed')) throw new ApiError({ ...localProblem('shared-malformed', 'a text'), status: 400, context: { why: 'it has no `signed`' } });
    return sharedOffer(plan(), ends(/stranger/));
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
    owners: strange ? [] : [owner], packages: 12, ...(!strange && { side: 'both' as const, other_side: 2 }), digest: hexFrom('offer'),
    sources: [{ id: community, here: true }, ...(strange ? [{ id: `reg-${hexFrom('far')}`, address: 'https://far.example/index', here: false }] : [])],
    ...(plan !== undefined && !strange && plan.items.length > 0 && { plan }),
  };
  return { kind: 'shared', offer };
}

/** A pack with a mod for each way in which one can be had, and files that come along or stay behind. */
export function packOffer(plan: PlanPreview): PackOffer {
  const one = { version: '1.2.0', size: 48_000, enabled: true };
  return {
    name: 'Harbour pack', version: '3.1', form: 'modrinth', game: 'saltmere', needs: [{ what: 'Fabric', version: '0.16.0' }], missing_sources: [], digest: hexFrom('pack'), plan,
    mods: [
      ...plan.items.map(({ title, to }) => ({ ...one, name: title, version: to ?? '', state: 'found' as const })),
      { ...one, name: 'Far Lights', state: 'by-address', host: 'cdn.modrinth.com' },
      { ...one, name: 'Old Sails', state: 'other-version', newest: '2.0.0' },
      { ...one, name: 'Nowhere Bells', state: 'unknown' },
    ],
    files: [{ path: 'config/hud.toml', size: 1_200 }, { path: 'mods/helper.jar', size: 90_000, why: 'program' }, { path: 'saves/world.dat', size: 5_000, why: 'outside' }],
  };
}
