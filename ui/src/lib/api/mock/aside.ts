/** What the mock service set aside, and snapshots of the saves of its game. */
import { ApiError, localProblem, type Changed, type KeptFree, type KeptFreed, type KeptRestore, type KeptVersion, type KeptWhy, type Saves, type SavesRestore, type SavesRulesPatch, type SavesSnapshot } from '../api';
import { day, hexFrom, hour, iso, now } from './world';

export function makeKept(much: boolean): KeptVersion[] {
  const version = (path: string | undefined, why: KeptWhy, size: number, age: number, of?: string): KeptVersion => {
    const name = `${path ?? 'lost'} ${age}`;
    return { id: hexFrom(name).slice(0, 16), ...(path !== undefined && { file: { place: 'mods', path } }), sha256: hexFrom(`bytes of ${name}`), size, modified: iso(now - age), why, ...(of !== undefined && { package: of }) };
  };
  const versions = [
    version('hud_core/settings.conf', 'replaced', 1_804, 3 * hour),
    version('hud_core/settings.conf', 'replaced', 1_790, 9 * day),
    version('tidewater/textures/lantern_glass.png', 'replaced', 48_212, 26 * hour),
    version(undefined, 'found', 6_310, 40 * day),
    version('harbour/lighthouse.lua', 'displaced', 12_004, 90 * day, 'marlow/old-harbour-map'),
    version('wind_core/init.lua', 'hidden', 3_377, 120 * day, 'windward/wind-core'),
  ];
  for (let i = 0; much && i < 900; i += 1) versions.push(version(`harbour/quarter_${i % 12}/house_${String(i % 300).padStart(3, '0')}/door.lua`, 'replaced', 900 + i, (2 + i) * hour));
  return versions;
}

const saveNames = ['Harbour', 'Test island', 'Night passage', 'The long winter of the north'];

export function makeSnapshots(count: number): SavesSnapshot[] {
  const why: SavesSnapshot['why'][] = [
    { code: 'by-hand', context: {} }, { code: 'before-remove', context: { titles: 'Quieter Gulls' } }, { code: 'before-restore', context: { number: '2' } },
    { code: 'before-update', context: { titles: 'HUD Core, Wind Core' } },
  ];
  return Array.from({ length: count }, (_, index) => ({
    number: count - index, at: iso(now - index * index * 5 * hour - 40 * 60_000), why: why[index % why.length] as SavesSnapshot['why'],
    saves: saveNames.slice(0, 1 + ((index + 2) % saveNames.length)).map((name) => ({ kind: 'worlds', name })), files: 214 + index, size: 48_200_000 - index * 1_700_000, left_out: index === 1 ? 2 : 0,
  }));
}

/** One place for all profiles of the game: what is set aside belongs to its folders. */
export class MockAside {
  private kept: KeptVersion[];
  private saves: Saves;

  constructor(private readonly state: string) {
    const isNew = state === 'empty' || state === 'fresh';
    this.kept = isNew ? [] : makeKept(state === 'many');
    this.saves = {
      when: 'off', quota: 1_000_000_000, keep: 10, used: 0, snapshots: isNew ? [] : makeSnapshots(state === 'many' ? 10 : 4),
      folders: state === 'partial' ? [] : [{ kind: 'worlds', folder: '/home/ada/.local/share/saltmere/worlds' }],
    };
  }

  versions(): KeptVersion[] {
    return this.kept;
  }

  /** What is brought back takes the place of what was there, which is set aside. */
  restore({ ids, to }: KeptRestore): { files: string[]; work: () => void; back: () => void } {
    const before = this.kept;
    const wanted = ids.map((id) => this.known(id));
    const files = wanted.map(({ file }) => (to ?? file)?.path ?? '');
    const work = (): void => {
      const aside = wanted.map((one, index): KeptVersion => ({ ...one, id: hexFrom(`aside ${one.id}`).slice(0, 16), file: to ?? one.file ?? { place: 'mods', path: files[index] ?? '' }, why: 'replaced', modified: iso(now - 60_000) }));
      this.kept = [...this.kept.filter((one) => !wanted.includes(one)), ...aside];
    };
    return { files, work, back: () => (this.kept = before) };
  }

  free({ ids }: KeptFree): KeptFreed {
    const goes = ids.map((id) => this.known(id));
    const stays = goes.find(({ why }) => why === 'displaced' || why === 'hidden');
    if (stays !== undefined) throw new ApiError({ ...localProblem('kept-in-use', stays.id), status: 409, context: { path: stays.file?.path ?? stays.id } });
    this.kept = this.kept.filter((one) => !goes.includes(one));
    return { versions: goes.length, bytes: goes.reduce((sum, { size }) => sum + size, 0) };
  }

  list(): Saves {
    return { ...this.saves, used: this.saves.snapshots.reduce((sum, { size }) => sum + Math.round(size / 3), 0) };
  }

  rules(patch: SavesRulesPatch): void {
    this.saves = { ...this.saves, ...patch };
    this.saves.snapshots = this.saves.snapshots.slice(0, this.saves.keep);
  }

  take(why: SavesSnapshot['why'] = { code: 'by-hand', context: {} }): number {
    if (this.state === 'error') throw new ApiError({ ...localProblem('saves-changing', 'map.sqlite'), status: 409, context: { path: 'Harbour/map.sqlite' } });
    const number = (this.saves.snapshots[0]?.number ?? 0) + 1;
    const snapshot: SavesSnapshot = { number, at: iso(now), why, saves: saveNames.map((name) => ({ kind: 'worlds', name })), files: 231, size: 48_400_000, left_out: 0 };
    this.saves = { ...this.saves, snapshots: [snapshot, ...this.saves.snapshots].slice(0, this.saves.keep) };
    return number;
  }

  bringBack(number: number, { saves }: SavesRestore): number {
    const snapshot = this.snapshot(number);
    const unknown = saves.find((name) => !snapshot.saves.some((save) => save.name === name));
    if (unknown !== undefined) throw new ApiError({ ...localProblem('saves-unknown', unknown), status: 404, context: { name: unknown } });
    return this.take({ code: 'before-restore', context: { number: String(number) } });
  }

  letGo(number: number): void {
    const gone = this.snapshot(number);
    this.saves = { ...this.saves, snapshots: this.saves.snapshots.filter((one) => one !== gone) };
  }

  made(created?: number): Pick<Changed, 'created'> {
    return created === undefined ? {} : { created: String(created) };
  }

  private snapshot(number: number): SavesSnapshot {
    const found = this.saves.snapshots.find((one) => one.number === number);
    if (found === undefined) throw new ApiError({ ...localProblem('saves-no-snapshot', String(number)), status: 404, context: { number: String(number) } });
    return found;
  }

  private known(id: string): KeptVersion {
    const found = this.kept.find((one) => one.id === id);
    if (found === undefined) throw new ApiError({ ...localProblem('kept-unknown', id), status: 404, context: { what: id } });
    return found;
  }
}
