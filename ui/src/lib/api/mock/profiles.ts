/** Profiles of the mock world: their packages, every state they were in, and those that were taken away. */
import {
  ApiError, localProblem,
  type AdoptionPlan, type AuditFinding, type AuditReport, type ChangeRequest, type Changed, type Conflicts, type DriftDecision, type FileTexts, type Followed, type Generation, type GenerationDifference, type Job, type KeptRestore, type LoadOrder, type NewProfile, type OrderPlan, type PackageKey, type PlanAction, type Profile,
  type ProfileDetail, type ProfileEntry, type ProfilePatch, type PruneReport, type PruneRequest, type ReleaseChannel, type RemovedProfile, type SharedText, type VanillaProof, type VerifyReport, type Upkeep, type UpkeepPatch,
} from '../api';
import { MockAside } from './aside';
import { makeDrift, makeProof, makeReport, makeTexts } from './folders';
import type { MockJobs } from './jobs';
import { loadOrder, makeAsked, makeConflicts, planOrder, reordered, type Asked } from './order';
import { makeFollowed, shareText } from './shared';
import { MockUpkeep } from './upkeep';
import type { MockStream } from './stream';
import { day, games, iso, makeFirstProfiles, makeHistory, makeProfiles, now, profileId, type State } from './world';

interface Shelf {
  profile: Profile;
  entries: ProfileEntry[];
  states: State[];
  drift: ReturnType<typeof makeDrift>;
  isWhole: boolean;
}

const copyOf = (entries: ProfileEntry[]): ProfileEntry[] => entries.map((entry) => ({ ...entry }));

export class MockProfiles {
  private shelves: Shelf[];
  private removed: { shelf: Shelf; at: number }[] = [];
  private readonly ways = new Map<string, () => Changed>();
  private readonly much: boolean;
  private recorded: boolean;
  private read = false;
  private followed: Followed[];
  readonly aside: MockAside;
  private readonly upkeep = new MockUpkeep();
  private readonly asked: Asked;
  private readonly conflicting: number;
  /** The player chose the order. */
  private chosen = false;

  constructor(private readonly stream: MockStream, private readonly jobs: MockJobs, entries: ProfileEntry[], state: string) {
    this.much = state === 'many';
    this.recorded = state !== 'fresh' && state !== 'first';
    this.aside = new MockAside(state);
    this.asked = makeAsked(entries, state === 'partial');
    this.conflicting = this.much ? 12_000 : 8;
    const profiles = state === 'empty' || state === 'none' ? [] : state === 'first' ? makeFirstProfiles() : makeProfiles(this.much ? 80 : 2);
    this.shelves = profiles.map((profile, index) => ({
      profile: { ...profile, placed: index === 0 && this.recorded }, entries: index === 0 ? entries : copyOf(entries.slice(0, 9)), isWhole: false,
      states: makeHistory(index === 0 ? entries : [], this.much && index === 0 ? 1_200 : 0), drift: index === 0 && this.recorded ? makeDrift(this.much) : { undecided: [], missing: [], own: [] },
    }));
    this.followed = makeFollowed(state, profiles);
    if (state === 'many' || state === 'loaded') this.removed = [{ at: now - 3 * day, shelf: this.fresh('Winter crew', entries.slice(0, 14)) }];
  }

  /** The packages of the profile that the catalog's states and changes are about. */
  get entries(): ProfileEntry[] {
    return this.shelf(profileId)?.entries ?? [];
  }

  set entries(entries: ProfileEntry[]) {
    const shelf = this.shelf(profileId);
    if (shelf !== undefined) shelf.entries = entries;
  }

  list(): Profile[] {
    return this.shelves.map(({ profile, entries, states }) => {
      const count = (is: (entry: ProfileEntry) => boolean): number => entries.filter(is).length;
      return {
        ...profile, generation: states[0]?.generation.number ?? 0, on: count((entry) => entry.enabled), off: count((entry) => !entry.enabled),
        updates: count((entry) => entry.update !== undefined && entry.held === undefined), problems: count((entry) => entry.problem !== undefined),
      };
    });
  }

  setChannel(id: string, channel: ReleaseChannel): void {
    const { profile } = this.known(id);
    if (channel === 'stable') delete profile.channel;
    else profile.channel = channel;
  }

  detail(id: string): ProfileDetail {
    const { entries, states } = this.known(id);
    const profile = this.list().find((one) => one.id === id) as Profile;
    return { ...profile, entries, generations: states.map((state) => state.generation), places: { mods: '/games/saltmere/mods' }, lock: '' };
  }

  create(body: NewProfile): Changed {
    const game = games.find((one) => one.id === body.game);
    const shelf = this.fresh(body.name, []);
    Object.assign(shelf.profile, { game: body.game, game_title: game?.title ?? body.game });
    this.shelves.push(shelf);
    return { ...this.moved(), created: shelf.profile.id };
  }

  clone(id: string, name: string): Changed {
    const from = this.known(id);
    this.refuseTaken(name);
    const shelf = this.fresh(name, from.entries);
    Object.assign(shelf.profile, { game: from.profile.game, game_title: from.profile.game_title });
    shelf.states = [{ generation: { number: 1, at: iso(Date.now()), cause: { code: 'clone', context: { profile: from.profile.name } }, current: true }, entries: shelf.entries }];
    this.shelves.push(shelf);
    return { ...this.moved(), created: shelf.profile.id };
  }

  patch(id: string, patch: ProfilePatch): Changed {
    const { profile } = this.known(id);
    if (patch.name !== undefined && patch.name !== profile.name) this.refuseTaken(patch.name);
    Object.assign(profile, { ...(patch.name !== undefined && { name: patch.name }), ...(patch.world !== undefined && { world: patch.world }) });
    if (patch.active !== true) return this.moved();
    for (const shelf of this.shelves) shelf.profile.active = shelf.profile.id === id;
    if (profile.placed === true) return this.moved();
    const before = this.placed();
    return this.working('repair', id, () => this.place(id), before === undefined ? undefined : () => this.patch(before, { active: true }));
  }

  remove(id: string): Changed {
    const shelf = this.known(id);
    return this.working('repair', id, () => {
      this.shelves = this.shelves.filter((one) => one !== shelf);
      Object.assign(shelf.profile, { placed: false, active: false });
      this.removed.unshift({ shelf, at: Date.now() });
    }, () => this.restore(id));
  }

  /** What a preview showed becomes part of a profile. */
  adopt(id: string, { adopted }: AdoptionPlan): Changed {
    const shelf = this.known(id);
    const before = copyOf(shelf.entries);
    return this.working('change', id, () => {
      const entry = ({ name, title, version = '0.0.0', package: known, size }: AdoptionPlan['adopted'][number]): ProfileEntry => ({
        ...(before[0] as ProfileEntry), source: known?.source ?? 'local', id: known?.id ?? `local/${name.toLowerCase()}`, title, version, size, enabled: true,
      });
      shelf.entries = [...shelf.entries, ...adopted.map(entry)];
      this.record(id, { code: 'adopt', context: { titles: adopted.map(({ title }) => title).join(', ') } });
    }, () => {
      shelf.entries = before;
      return this.moved(id);
    });
  }

  removedList(): RemovedProfile[] {
    return this.removed.map(({ shelf: { profile, entries }, at }) => ({ id: profile.id, name: profile.name, game: profile.game, packages: entries.length, removed: iso(at), forgotten: iso(at + 30 * day) }));
  }

  restore(id: string, name?: string): Changed {
    const found = this.removed.find(({ shelf }) => shelf.profile.id === id);
    if (found === undefined) throw new ApiError(localProblem('profile-unknown', id));
    this.refuseTaken(name ?? found.shelf.profile.name);
    this.removed = this.removed.filter((one) => one !== found);
    Object.assign(found.shelf.profile, { name: name ?? found.shelf.profile.name });
    this.shelves.push(found.shelf);
    return this.placed() === undefined ? this.working('repair', id, () => this.place(id)) : this.moved();
  }

  // History

  difference(id: string, from: number, to: number): GenerationDifference {
    const { states } = this.known(id);
    const of = (number: number): Map<string, ProfileEntry> => new Map(states.find((state) => state.generation.number === number)?.entries.map((entry) => [entry.id, entry]));
    const [before, after] = [of(from), of(to)];
    const items = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
      const [old, next] = [before.get(key), after.get(key)];
      const shown = (next ?? old) as ProfileEntry;
      const item = (action: PlanAction) => ({ action, title: shown.title, source: shown.source, id: key, ...(old && { from: old.version }), ...(next && { to: next.version }) });
      if (old === undefined) return [item('add')];
      if (next === undefined) return [item('remove')];
      if (old.version !== next.version) return [item('change')];
      return old.enabled === next.enabled ? [] : [item(next.enabled ? 'enable' : 'disable')];
    });
    return { from, to, items };
  }

  name(id: string, number: number, name: string): Changed {
    const state = this.known(id).states.find((one) => one.generation.number === number);
    if (state === undefined) throw new ApiError({ ...localProblem('generation-unknown', id), context: { generation: String(number) } });
    const { name: _, ...plain } = state.generation;
    state.generation = name === '' ? plain : { ...plain, name };
    return this.moved(id);
  }

  prune(id: string, { keep, days }: PruneRequest): PruneReport {
    const shelf = this.known(id);
    const goes = ({ generation: one }: State, index: number): boolean => index >= keep && one.number !== 0 && !one.current && one.name === undefined && Date.parse(one.at) <= Date.now() - days * day;
    const forgotten = shelf.states.filter(goes).map((state) => state.generation.number);
    shelf.states = shelf.states.filter((state) => !forgotten.includes(state.generation.number));
    this.moved(id);
    return { forgotten };
  }

  goBack(id: string, number: number): Changed {
    const shelf = this.known(id);
    const [target, before] = [shelf.states.find((state) => state.generation.number === number), copyOf(shelf.entries)];
    return this.working('go-back', id, () => {
      shelf.entries = copyOf(target?.entries ?? []);
      this.record(id, { code: 'undo', context: { generation: String(number) } });
    }, () => {
      shelf.entries = before;
      return this.moved(id);
    });
  }

  /** A new state with the packages as they are now. */
  record(id: string, cause: Generation['cause']): number {
    const shelf = this.known(id);
    const number = (shelf.states[0]?.generation.number ?? 0) + 1;
    for (const state of shelf.states) state.generation = { ...state.generation, current: false };
    shelf.states.unshift({ generation: { number, at: iso(Date.now()), cause, current: true }, entries: copyOf(shelf.entries) });
    this.moved(id);
    return number;
  }

  // Folders

  drift(id: string) {
    const { profile, drift } = this.known(id);
    return profile.placed === true ? drift : { undecided: [], missing: [], own: drift.own };
  }

  // Order

  order(id: string): LoadOrder {
    return loadOrder(this.known(id).entries, this.asked, this.chosen);
  }

  planOrder(id: string, { order }: { order: PackageKey[] }): OrderPlan {
    return planOrder(this.known(id).entries, this.asked, this.conflicting, order);
  }

  reorder(id: string, order: PackageKey[]): Changed {
    const shelf = this.known(id);
    const before = shelf.entries;
    return this.working('change', id, () => {
      shelf.entries = reordered(shelf.entries, order);
      this.chosen = true;
      this.record(id, { code: 'order' });
    }, () => {
      shelf.entries = before;
      return this.moved(id);
    });
  }

  conflicts(id: string, page: { offset: number; limit: number }): Conflicts {
    return makeConflicts(this.known(id).entries, this.asked, this.conflicting, this.chosen, page);
  }

  texts(id: string, { path }: { path: string }): FileTexts {
    const { drift } = this.known(id);
    if (/\.(png|ogg)$/.test(path)) throw new ApiError({ ...localProblem('drift-not-text', path), status: 409, context: { path } });
    return makeTexts(path, drift.own.some((own) => own.path === path && own.conflict), this.much);
  }

  decide(id: string, { keep, files }: DriftDecision): Changed {
    const shelf = this.known(id);
    return this.working('repair', id, () => {
      const is = (one: { place: string; path: string }): boolean => files.some((file) => file.place === one.place && file.path === one.path);
      const own = files.map((file) => ({ ...file, keep, conflict: false }));
      shelf.drift = { ...shelf.drift, undecided: shelf.drift.undecided.filter((one) => !is(one)), own: [...shelf.drift.own.filter((one) => !is(one)), ...(keep === 'theirs' ? [] : own)] };
      this.record(id, { code: `keep-${keep}` });
    });
  }

  restoreKept(id: string, request: KeptRestore): Changed {
    const { profile } = this.known(id);
    if (profile.placed !== true) throw new ApiError({ ...localProblem('profile-not-placed', id), status: 409, context: { profile: profile.name } });
    const { files, work, back } = this.aside.restore(request);
    return this.working('repair', id, () => {
      work();
      this.record(id, { code: 'bring-back', context: { files: files.join(', ') } });
    }, () => {
      back();
      return this.moved(id);
    });
  }

  /** A change that no history knows. */
  unrecorded(created?: number): Changed {
    return { ...this.stream.done(), ...this.aside.made(created) };
  }

  audit(): AuditReport {
    const findings = this.shelves.flatMap(({ profile, entries }) => entries.flatMap(({ advice, title, version, enabled, source, id }): AuditFinding[] => (advice?.length ? [{ profile: profile.id, profile_name: profile.name, title, version, enabled, placed: enabled && profile.placed === true, advice, source, id }] : [])));
    return { packages: this.entries.length, findings, checked: iso(now - 3_600_000) };
  }

  share(id: string): SharedText {
    const { profile, entries } = this.known(id);
    return shareText(profile, entries, id === profileId);
  }

  keptUp(): Upkeep[] {
    return this.upkeep.all(this.list(), (id) => this.known(id).entries);
  }

  keepUp(id: string, patch: UpkeepPatch): Changed {
    this.upkeep.change(id, patch, this.known(id).entries);
    return this.moved(id);
  }

  /** What a profile is for, and what its game runs on. */
  setRole({ profile: id, side, platform }: Pick<ChangeRequest, 'profile' | 'side' | 'platform'>): Changed {
    const { profile } = this.known(id ?? profileId);
    const before = { ...profile };
    if (side !== undefined) profile.side = side;
    if (platform === 'automatic') {
      delete profile.platform;
      profile.runs_on = 'linux';
    } else if (platform !== undefined) Object.assign(profile, { platform, runs_on: platform });
    const undo = this.undoable(() => {
      if (platform !== undefined) delete profile.platform;
      Object.assign(profile, before);
      return this.moved(id);
    });
    return { ...this.moved(id), undo };
  }

  following(look: boolean): Followed[] {
    if (look) this.followed = this.followed.map((one) => ({ ...one, seen: one.version + 2, checked: iso(now) }));
    return this.followed;
  }

  unfollow(id: string): Changed {
    this.followed = this.followed.filter(({ profile }) => profile !== id);
    return this.moved(id);
  }

  /** What a profile follows was agreed to as it is now. */
  agreed(id: string): void {
    this.followed = this.followed.map((one) => (one.profile === id ? { ...one, version: one.seen } : one));
  }

  verify(id: string): VerifyReport {
    const { isWhole } = this.known(id);
    return makeReport(id, this.drift(id), isWhole);
  }

  repair(id: string): Changed {
    const shelf = this.known(id);
    return this.working('repair', id, () => {
      shelf.isWhole = true;
      shelf.drift = { ...shelf.drift, undecided: [], missing: [] };
      this.record(id, { code: 'repair' });
    });
  }

  vanilla(): Changed {
    const placed = this.placed();
    if (placed === undefined) return this.moved();
    return this.working('go-back', placed, () => {
      this.known(placed).profile.placed = false;
      this.record(placed, { code: 'vanilla' });
    }, () => this.patch(placed, { active: true }));
  }

  proof(): VanillaProof {
    return makeProof({ placed: this.placed(), recorded: this.recorded, much: this.much, departed: this.much, read: this.read });
  }

  readOriginals(): VanillaProof {
    this.read = true;
    return this.proof();
  }

  // Undo

  undo(token: string): Changed {
    const way = this.ways.get(token);
    if (way === undefined) throw new ApiError(localProblem('undo-unknown', token));
    this.ways.delete(token);
    return way();
  }

  undoable(way: () => Changed): string {
    const token = `undo-${this.stream.change + 1}`;
    this.ways.set(token, way);
    return token;
  }

  moved(id: string = profileId): Changed {
    return this.stream.done({ topic: 'profile-changed', data: { profile: id } }, { topic: 'profiles', data: this.list() });
  }

  private working(kind: Job['kind'], id: string, work: () => void, way?: () => Changed): Changed {
    const job = this.jobs.start(kind, id, () => {
      work();
      this.moved(id);
    });
    const undo = way === undefined ? {} : { undo: this.undoable(way) };
    return { ...this.stream.done({ topic: 'job', data: { ...job, is_as_before: false } }, { topic: 'profiles', data: this.list() }), job: job.id, ...undo };
  }

  private place(id: string): void {
    for (const shelf of this.shelves) shelf.profile.placed = shelf.profile.id === id;
    this.recorded = true;
    this.record(id, { code: 'activate' });
  }

  private placed(): string | undefined {
    return this.shelves.find((shelf) => shelf.profile.placed === true)?.profile.id;
  }

  private fresh(name: string, entries: ProfileEntry[]): Shelf {
    const number = this.shelves?.length ?? 0;
    const id = `0193aa10-4a5e-7b21-9c11-${(number * 7_919 + name.length).toString(16).padStart(12, '0')}`;
    const profile = { id, name, game: 'saltmere', game_title: 'Saltmere', installation: 'native', active: false, generation: 0, on: 0, off: 0, updates: 0, problems: 0 };
    return { profile, entries: copyOf(entries), states: [], drift: { undecided: [], missing: [], own: [] }, isWhole: true };
  }

  private refuseTaken(name: string): void {
    if (this.shelves.some((shelf) => shelf.profile.name === name)) throw new ApiError({ ...localProblem('profile-exists', name), status: 409, context: { name } });
  }

  private shelf(id: string): Shelf | undefined {
    return this.shelves.find((shelf) => shelf.profile.id === id);
  }

  private known(id: string): Shelf {
    const shelf = this.shelf(id);
    if (shelf === undefined) throw new ApiError({ ...localProblem('profile-unknown', id), status: 404 });
    return shelf;
  }
}
