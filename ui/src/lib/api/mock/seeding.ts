/** What the mock service keeps and shares. */
import { ApiError, localProblem, type Limits, type PackageRow, type PauseRequest, type RoomItem, type RoomPlan, type RoomRequest, type Seed, type SeedCommand, type Settings } from '../api';
import { day, hexFrom, iso, now } from './world';

export class MockSeeding {
  private seeds: Seed[];
  private paused: PauseRequest | undefined;

  constructor(rows: PackageRow[], much: boolean) {
    const seed = (row: PackageRow, index: number): Seed => {
      const pinned = index % 7 === 0;
      const installed = index % 3 !== 2;
      return {
        sha256: hexFrom(`seed ${row.id}`), name: `${row.title} ${row.version}`, package: { source: row.source, id: row.id }, version: row.version, size: row.size,
        offered: index % 4 !== 3, ...(index % 4 === 3 && { reason: { code: 'sharing-unknown', context: {} } }),
        kept: [...(pinned ? [{ code: 'kept-pinned', context: {} }] : []), installed ? { code: 'kept-installed', context: { profiles: 'Friday crew' } } : { code: 'kept-for-now', context: { days: String(3 + (index % 20)) } }],
        last_used: iso(now - index * day), expires: iso(now + (3 + (index % 20)) * day), given: Math.round(row.size * ((index * 37) % 70) / 10), peers: (index * 5) % 6, other_seeders: (index * 3) % 9, pinned, paused: false, checked: index !== 5,
      };
    };
    this.seeds = rows.filter(({ size }) => size < 900_000_000).slice(0, much ? 700 : 14).map(seed);
  }

  list(sharing: Settings['sharing']): Seed[] {
    return sharing === 'unset' || sharing === 'nobody' ? this.seeds.map((seed) => ({ ...seed, offered: false, peers: 0, reason: { code: 'sharing-not-chosen', context: {} } })) : this.seeds;
  }

  limits(settings: Settings): Limits {
    const reasons = [...(this.paused ? [{ code: 'sharing-all-paused', context: {} }] : []), ...(settings.seeding_paused ? [{ code: 'sharing-seeding-paused', context: {} }] : []), ...(settings.upload_while_playing ? [] : [{ code: 'sharing-game', context: {} }])];
    return {
      reach: settings.sharing === 'everybody' ? 'everybody' : settings.sharing === 'nearby' ? 'nearby' : 'nobody', sharing_reasons: reasons, background_reasons: [], set: 'usual', download_limit: settings.download_limit, upload_limit: settings.upload_limit,
      connections: settings.connections, user_share: settings.user_share, background_share: settings.background_share, lan_exempt: settings.lan_exempt, uploaded: 4_100_000_000, monthly_upload: settings.monthly_upload,
      machine: { battery: false, metered: false, playing: true, away: false, free: 90_000_000_000 }, ...(this.paused && { pause: { length: this.paused.length, until: iso(now + 3_600_000) } }),
    };
  }

  pause(request: PauseRequest | undefined): void {
    this.paused = request;
  }

  command({ action, sha256 }: SeedCommand): void {
    const known = this.seeds.some((seed) => seed.sha256 === sha256);
    if (!known) throw new ApiError({ ...localProblem('archive-unknown', sha256 ?? ''), status: 404, context: { hash: sha256 ?? '' } });
    const change: Partial<Seed> = action === 'pin' ? { pinned: true } : action === 'unpin' ? { pinned: false } : { paused: action === 'pause', offered: action !== 'pause' };
    this.seeds = this.seeds.map((seed) => (seed.sha256 === sha256 ? { ...seed, ...change, ...(action === 'pause' && { reason: { code: 'sharing-paused', context: {} } }) } : seed));
  }

  plan({ bytes, archives, all }: RoomRequest): RoomPlan {
    const item = (seed: Seed): RoomItem => ({ sha256: seed.sha256, name: seed.name, size: seed.size, unfinished: false, reasons: seed.pinned ? [{ code: 'stays-pinned', context: {} }] : seed.kept });
    const asked = archives.length > 0 ? this.seeds.filter((seed) => archives.includes(seed.sha256)) : this.seeds;
    const goes: RoomItem[] = [];
    const stays: RoomItem[] = [];
    let freed = 0;
    for (const seed of asked) {
      const isEnough = archives.length === 0 && !all && freed >= (bytes ?? 0);
      const isFree = archives.length > 0 || seed.kept[0]?.code === 'kept-for-now';
      if (seed.pinned || isEnough || !isFree) stays.push(item(seed));
      else {
        goes.push(item(seed));
        freed += seed.size;
      }
    }
    return { goes, stays, freed };
  }

  make(request: RoomRequest): RoomPlan {
    const plan = this.plan(request);
    this.seeds = this.seeds.filter((seed) => !plan.goes.some(({ sha256 }) => sha256 === seed.sha256));
    return plan;
  }
}
