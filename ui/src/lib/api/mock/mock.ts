/** The in-memory service: answers every operation the window uses and moves transfers forward. */
import {
  ApiError, emptyChange, localProblem,
  type AdoptionChoice, type AdoptionPlan, type Api, type CallId, type Calls, type ChangeRequest, type Changed, type CollectionRequest, type GamePart, type Incoming, type IncomingFrom, type Job, type LobbyRequest, type ModLayout, type OpenedLink, type PackageDetail,
  type PackageKey, type PackageRow, type PackageState, type PlanPreview, type Reply, type Settings, type SharedConsent, type SourcePatch, type Snapshot, type Status,
  type StreamItem, type TransferCommand,
} from '../api';
import { makeAdoption, makeDisk, managed } from './adoption';
import { makeChanges } from './changes';
import { collectionsIn, inspectCollection, type World } from './collections';
import { MockGames } from './games';
import { MockIncoming, sharedChange } from './incoming';
import { makeJobs, MockJobs } from './jobs';
import { inspectLink } from './links';
import { MockLobbies } from './lobby';
import { MockProfiles } from './profiles';
import { MockFeatures } from './features';
import { planOf } from './plan';
import { search } from './search';
import { MockSeeding } from './seeding';
import { MockSettings } from './settings';
import { decided, inspectSource, keyed, makePresets, newSource, patched } from './sources';
import { MockStream } from './stream';
import { MockTransfers } from './transfers';
import { hexFrom, makeDetail, makeEntries, makeRows, makeSources, profileId } from './world';

export interface MockOptions {
  packages: number;
  /** `loaded`, `empty`, `first` (a new player), `none` (not even games), `loading`, `error`, `partial`, `stopped`, `fresh` (nothing placed yet), `failed` (the last job) or `many`. */
  state: string;
  /** Milliseconds between steps; 0 leaves everything still (screenshots). */
  tick: number;
  link: string | null;
  settings: Partial<Settings>;
}

const same = (a: PackageKey, b: PackageKey): boolean => a.source === b.source && a.id === b.id;

export class MockApi implements Api {
  private readonly stream = new MockStream();
  private readonly rows: PackageRow[];
  private sources;
  private readonly transfers: MockTransfers;
  private readonly jobs: MockJobs;
  private readonly seeding: MockSeeding;
  private readonly lobbies: MockLobbies;
  private readonly profiles: MockProfiles;
  private readonly settings: MockSettings;
  private links: ((link: OpenedLink) => void) | undefined;
  private readonly opened: string[] = [];
  private readonly games: MockGames;
  private readonly features = new MockFeatures();
  private declined: string[] = [];
  private readonly incoming = new MockIncoming();
  private dropped: ((name: string) => void) | undefined;

  constructor(private readonly options: MockOptions) {
    const none = options.state === 'none';
    const empty = options.state === 'empty' || none;
    this.games = new MockGames(none);
    this.rows = empty ? [] : makeRows(options.packages);
    this.transfers = new MockTransfers(this.rows, options.state === 'partial', options.tick);
    this.jobs = new MockJobs(this.stream, this.transfers);
    if (!empty) this.jobs.all.push(...makeJobs(options.state === 'failed'));
    this.profiles = new MockProfiles(this.stream, this.jobs, empty || options.state === 'first' ? [] : makeEntries(this.rows, options.state === 'many' ? 500 : 44, ['many', 'partial'].includes(options.state)), options.state);
    if (options.state === 'collection') this.haveCollection();
    this.seeding = new MockSeeding(this.rows, options.state === 'many');
    this.sources = empty || options.state === 'first' ? [] : makeSources(options.packages);
    this.lobbies = new MockLobbies(options.state);
    this.stream.stopped = options.state === 'stopped';
    this.settings = new MockSettings(options.settings);
    Object.assign(globalThis, { musterMock: this });
    if (options.tick > 0) setInterval(() => this.step(), options.tick);
  }

  /** For tests: a link that arrives while the window is open. */
  openLink(link: string): void {
    this.links?.({ text: link });
  }

  /** For tests: the service ends or comes back. */
  setStopped(stopped: boolean): void {
    this.stream.stopped = stopped;
    if (stopped) this.stream.lose();
    else this.connect();
  }

  async call<Id extends CallId>(id: Id, input: object = {}, signal?: AbortSignal): Promise<Reply<Id>> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal?.throwIfAborted();
    if (this.stream.stopped) throw new ApiError(localProblem('service-unreachable', 'stopped'));
    if (this.options.state === 'loading' && !['status', 'games'].includes(id)) return new Promise(() => undefined);
    if (this.options.state === 'error' && ['search', 'package', 'profile', 'difference', 'load-order', 'conflicts', 'drift', 'removed-profiles', 'vanilla-proof', 'kept', 'saves', 'audit', 'share-profile', 'seeds', 'collections', 'inspect-collection'].includes(id)) {
      throw new ApiError({ ...localProblem('store-busy', 'the database is locked'), status: 503, trace: '7d21f0aa', context: { file: 'catalog.db' } });
    }
    const { path = {}, query, body } = input as { path?: Record<string, string>; query?: unknown; body?: unknown };
    return structuredClone(this.answer(id, path, (body ?? query) as never)) as Reply<Id>;
  }

  private answer(id: CallId, path: Record<string, string>, input: never): unknown {
    switch (id) {
      case 'games': return this.games.all;
      case 'game': return this.games.detail(path.game ?? '');
      case 'search': return this.searchPage(input);
      case 'package': return this.detail(path);
      case 'changes': return makeChanges(this.detail(path), (input as { from?: string } | undefined)?.from ?? this.profiles.entries.find((entry) => entry.id === path.id)?.version);
      case 'audit': return this.profiles.audit();
      case 'plan': return this.plan(input);
      case 'change': return this.apply(input);
      case 'inspect-link': return inspectLink((input as { link: string }).link, { rows: this.rows, stateOf: (key) => this.stateOf(key), plan: (request) => this.plan(request) });
      case 'collections': return collectionsIn(this.world());
      case 'inspect-collection': return inspectCollection(input, this.row((input as CollectionRequest).collection), this.world());
      case 'jobs': return this.jobs.all;
      case 'cancel-job': return this.cancel(path.job ?? '');
      case 'launch': return (input as { prove: boolean }).prove
        ? { pid: 0, command: ['saltmere', '--server'], loaded: ['hud_core', 'tidewater'], not_loaded: [], evidence: ['Mod "hud_core" loaded'], errors: [] }
        : { pid: 4_242, command: ['saltmere'], loaded: [], not_loaded: [], evidence: [], errors: [] };
      case 'undo': return this.profiles.undo(path.token ?? '');
      case 'transfers': return this.transfers.list();
      case 'command-transfers': return this.command(input);
      case 'pause': this.seeding.pause(input); return this.command({ action: 'pause' } as never);
      case 'resume': this.seeding.pause(undefined); return this.command({ action: 'resume' } as never);
      case 'seeds': return this.seeding.list(this.settings.value.sharing);
      case 'limits': return this.seeding.limits(this.settings.value);
      case 'command-seeds': this.seeding.command(input); return this.stream.done({ topic: 'status', data: this.status() });
      case 'plan-room': return this.seeding.plan(input);
      case 'make-room': return { change: this.stream.change, ...this.seeding.make(input) };
      case 'sources': return this.sources;
      case 'presets': return makePresets(this.games.all, this.sources, this.declined);
      case 'decide-preset': this.declined = decided(this.declined, input); return this.stream.done({ topic: 'sources', data: this.sources });
      case 'look-at-source': return this.look((input as { address: string }).address);
      case 'inspect-source': return inspectSource((input as { address: string }).address);
      case 'add-source': return this.addSource(input);
      case 'remove-source': this.sources = this.sources.filter((source) => source.id !== path.source); return this.stream.done({ topic: 'sources', data: this.sources });
      case 'patch-settings': return this.stream.done({ topic: 'settings', data: this.settings.patch(input) }, { topic: 'status', data: this.status() });
      case 'status': return this.status();
      case 'patch-source': return this.patchSource(path.source ?? '', input);
      case 'lobbies':
      case 'host-lobby':
      case 'close-lobby':
      case 'inspect-lobby':
      case 'join-lobby':
      case 'forget-host':
      case 'leave-lobby': return this.lobby(id, input);
      case 'set-source-key':
      case 'forget-source-key': this.sources = keyed(this.sources, path.source ?? '', id === 'set-source-key' ? 'keyring' : undefined); return this.stream.done({ topic: 'sources', data: this.sources });
      case 'sync-source':
      case 'decide-key': return this.stream.done({ topic: 'sources', data: this.sources });
      default: return this.profileAnswer(id, path, input);
    }
  }

  private profileAnswer(id: CallId, path: Record<string, string>, input: never): unknown {
    const { profiles } = this;
    const { profile = '', generation } = path;
    switch (id) {
      case 'profiles': return profiles.list();
      case 'profile': return profiles.detail(profile);
      case 'create-profile': return profiles.create(input);
      case 'patch-profile': return profiles.patch(profile, input);
      case 'clone-profile': return profiles.clone(profile, (input as { name: string }).name);
      case 'remove-profile': return profiles.remove(profile);
      case 'removed-profiles': return profiles.removedList();
      case 'restore-profile': return profiles.restore(profile, (input as { name?: string }).name);
      case 'difference': return profiles.difference(profile, Number(generation), Number(path.other));
      case 'name-generation': return profiles.name(profile, Number(generation), (input as { name: string }).name);
      case 'prune': return profiles.prune(profile, input);
      case 'go-back': return profiles.goBack(profile, Number(generation));
      case 'load-order': return profiles.order(profile);
      case 'plan-order': return profiles.planOrder(profile, input);
      case 'conflicts': return profiles.conflicts(profile, input);
      case 'drift': return profiles.drift(profile);
      case 'compare-texts': return profiles.texts(profile, input);
      case 'decide-drift': return profiles.decide(profile, input);
      case 'verify': return profiles.verify(profile);
      case 'repair': return profiles.repair(profile);
      case 'kept': return profiles.aside.versions();
      case 'restore-kept': return profiles.restoreKept(profile, input);
      case 'free-kept': return profiles.aside.free(input);
      case 'saves': return profiles.aside.list();
      case 'set-saves-rules': profiles.aside.rules(input); return profiles.unrecorded();
      case 'snapshot-saves': return profiles.unrecorded(profiles.aside.take());
      case 'restore-saves': return profiles.unrecorded(profiles.aside.bringBack(Number(path.snapshot), input));
      case 'free-saves': profiles.aside.letGo(Number(path.snapshot)); return profiles.unrecorded();
      case 'share-profile': return profiles.share(profile);
      case 'followed': return profiles.following(false);
      case 'look-for-news': return profiles.following(true);
      case 'unfollow': return profiles.unfollow(profile);
      case 'upkeep': return profiles.keptUp();
      case 'set-upkeep': return profiles.keepUp(profile, input);
      case 'vanilla': return profiles.vanilla();
      case 'vanilla-proof': return profiles.proof();
      case 'read-originals': return profiles.readOriginals();
      case 'managed-profiles': return this.options.state === 'empty' ? [] : managed;
      case 'disk': return makeDisk(this.options.state === 'empty');
      default: throw new ApiError(localProblem('operation-unknown', id));
    }
  }

  // Catalog

  private stateOf(key: PackageKey): PackageState {
    const job = this.jobs.open.find((candidate) => candidate.members.some((member) => same(member, key)));
    if (job !== undefined) return { state: 'busy', job: job.id };
    const entry = this.profiles.entries.find((candidate) => same(candidate, key));
    if (entry === undefined) return { state: 'absent' };
    if (entry.update !== undefined) return { state: 'update', version: entry.version, available: entry.update };
    return { state: entry.enabled ? 'on' : 'off', version: entry.version };
  }

  private searchPage(request: Calls['search']['query']): Reply<'search'> {
    const game = this.profiles.list().find((profile) => profile.id === request.profile)?.game;
    const page = search(game === undefined ? this.rows : this.rows.filter((row) => row.games.includes(game)), request, (key) => this.stateOf(key));
    return { ...page, rows: page.rows.map((row) => ({ ...row, status: this.stateOf(row) })) };
  }

  private row(key: PackageKey): PackageRow {
    const row = this.rows.find((candidate) => same(candidate, key));
    if (row === undefined) throw new ApiError({ ...localProblem('catalog-unknown-package', key.id), status: 404, context: { package: key.id } });
    return { ...row, status: this.stateOf(row) };
  }

  private detail(path: Record<string, string>): PackageDetail {
    const row = this.row({ source: path.source ?? '', id: path.id ?? '' });
    const detail = makeDetail(row, this.rows, (id) => this.profiles.entries.some((entry) => entry.id === id));
    return { ...detail, features: this.features.of(row) };
  }

  private world(): World {
    return { rows: this.rows, entries: this.profiles.entries, plan: (request) => this.plan(request) };
  }

  /** The lantern list is in the profile, in a version before the newest. */
  private haveCollection(): void {
    const row = this.rows.find(({ title }) => title === 'Lantern Festival');
    if (row === undefined) return;
    const { source, id, title, publisher, seal, kind, size } = row;
    this.profiles.entries.push({ source, id, title, publisher, seal, kind, version: '2.4.0', update: row.version, size, enabled: true, wished: true, needed_by: [] });
  }

  // Changes

  private plan(request: ChangeRequest): PlanPreview {
    return planOf(request, this.rows, this.profiles.entries, (key) => this.row(key), this.features);
  }

  private apply(request: ChangeRequest): Changed {
    if (request.order !== undefined) return this.profiles.reorder(request.profile ?? profileId, request.order);
    if (request.side !== undefined || request.platform !== undefined) return this.profiles.setRole(request);
    if (request.channel !== undefined) this.profiles.setChannel(request.profile ?? profileId, request.channel);
    const before = this.profiles.entries.map((entry) => ({ ...entry }));
    const chosenBefore = this.features.choose(request.features ?? []);
    for (const entry of this.profiles.entries) {
      if (request.enable.some((key) => same(key, entry))) entry.enabled = true;
      if ([...request.disable, ...(request.quarantine ?? [])].some((key) => same(key, entry))) entry.enabled = false;
      const held = request.hold?.find((one) => same(one, entry));
      if (held !== undefined) entry.held = held.reason ?? '';
      if (request.unhold?.some((key) => same(key, entry)) === true) delete entry.held;
      const follow = request.channels?.find((one) => same(one, entry));
      if (follow !== undefined) Object.assign(entry, { channel: follow.channel });
    }
    this.profiles.entries = this.profiles.entries.filter((entry) => !request.remove.some((key) => same(key, entry)));
    const plan = this.plan({ ...emptyChange, ...request, remove: [], enable: [], disable: [] });
    const undo = this.profiles.undoable(() => {
      this.profiles.entries = before;
      chosenBefore();
      return this.profiles.moved();
    });
    const goes = (key: PackageKey) => plan.items.some((item) => item.action === 'remove' && same(item, key));
    this.profiles.entries = this.profiles.entries.filter((entry) => !goes(entry));
    if (plan.items.length === 0) return { ...this.profiles.moved(), undo };
    const job = this.jobs.start('change', profileId, (ended) => this.finish(ended), {
      subjects: plan.items.filter((item) => item.needed_by.length === 0).map((item) => item.title),
      members: plan.items.filter((item) => item.action !== 'remove').map((item) => ({ source: item.source, id: item.id, title: item.title, version: item.to, size: item.size, sha256: hexFrom(item.id) })),
      total: plan.download,
    });
    this.transfers.add(plan.items);
    return { ...this.stream.done({ topic: 'job', data: { ...job, is_as_before: false } }, { topic: 'transfers', data: this.transfers.change() }), job: job.id, undo };
  }

  /** Repositories of other machines take a while. */
  private look(address: string): Changed {
    if (!address.startsWith('git+http')) return this.stream.done();
    const job = this.jobs.start('look', undefined, () => undefined, { subjects: [address], phase: 'resolving', step: { stage: 'asking', bytes: 0, objects: 0, objects_total: 0 } });
    return { ...this.stream.done({ topic: 'job', data: { ...job, is_as_before: false } }), job: job.id };
  }

  private finish(job: Job): void {
    for (const member of job.members) {
      const row = this.row(member);
      const entry = this.profiles.entries.find((candidate) => same(candidate, member));
      if (entry !== undefined) Object.assign(entry, { version: member.version ?? entry.version, update: undefined });
      else {
        this.profiles.entries.push({
          source: row.source, id: row.id, title: row.title, publisher: row.publisher, seal: row.seal, kind: row.kind,
          version: member.version ?? row.version, size: row.size, enabled: true, wished: job.subjects.includes(row.title), needed_by: [],
        });
      }
    }
    job.generation = this.profiles.record(profileId, { code: 'install', context: { titles: job.subjects.join(', ') } });
  }

  private cancel(id: string): Changed {
    const job = this.jobs.cancel(id);
    return job === undefined ? { change: this.stream.change } : this.stream.done({ topic: 'job', data: { ...job, is_as_before: false } }, { topic: 'transfers', data: this.transfers.change() });
  }

  private lobby(id: CallId, input: unknown): unknown {
    if (id === 'lobbies') return this.lobbies.all;
    if (id === 'inspect-lobby') return this.lobbies.look(this.rows, (input as LobbyRequest).without, (request) => this.plan(request));
    const hosted = this.lobbies.answer(id, input);
    const changed = this.stream.done({ topic: 'lobbies', data: this.lobbies.all });
    return hosted ?? changed;
  }

  private patchSource(id: string, patch: SourcePatch): Changed {
    this.sources = patched(this.sources, id, patch);
    return this.stream.done({ topic: 'sources', data: this.sources });
  }

  private addSource(body: { address: string; alias?: string; root?: string }): Changed {
    if (this.options.state === 'first' && body.address === 'modrinth:quilt') throw new ApiError({ ...localProblem('catalog-unknown-source', body.address), context: { source: body.address } });
    this.sources = [...this.sources, newSource(body)];
    return { ...this.stream.done({ topic: 'sources', data: this.sources }), created: 'reg-new' };
  }

  private command(command: TransferCommand): Changed {
    this.transfers.command(command);
    return this.stream.done({ topic: 'transfers', data: this.transfers.change() }, { topic: 'status', data: this.status() });
  }

  // Stream

  private step(): void {
    if (this.stream.stopped) return;
    this.jobs.step();
    this.transfers.step();
    this.stream.emit({ topic: 'transfers', data: this.transfers.change() });
    this.stream.emit({ topic: 'status', data: this.status() });
  }

  private status(): Status {
    return this.settings.status({ transfers: this.transfers, jobs: this.jobs, packages: this.rows.length, isEmpty: this.options.state === 'empty' });
  }

  private snapshot(): Snapshot {
    return {
      status: this.status(), jobs: this.jobs.all, transfers: this.transfers.list(), sources: this.sources, settings: this.settings.value,
      profiles: this.profiles.list(), lobbies: this.lobbies.all,
    };
  }

  private connect(): void {
    this.stream.restart();
    this.stream.emit({ topic: 'snapshot', data: this.snapshot() });
  }

  subscribe(listener: (item: StreamItem) => void): Promise<() => Promise<void>> {
    this.stream.listener = listener;
    if (this.stream.stopped) this.stream.lose();
    else this.connect();
    return Promise.resolve(() => Promise.resolve((this.stream.listener = undefined)));
  }

  pendingLink(): Promise<string | null> {
    return Promise.resolve(this.options.link);
  }

  onLink(listener: (link: OpenedLink) => void): Promise<() => void> {
    this.links = listener;
    return Promise.resolve(() => (this.links = undefined));
  }

  windowReady(): Promise<void> {
    return Promise.resolve();
  }

  openExternal(address: string): Promise<void> {
    this.opened.push(address);
    return Promise.resolve();
  }

  chooseAdoption(): Promise<string | null> {
    return Promise.resolve('/home/ada/downloads/mods');
  }

  planAdoption(choice: AdoptionChoice, profile: string | undefined): Promise<AdoptionPlan> {
    return Promise.resolve(structuredClone(makeAdoption(choice, profile, this.options.state === 'many')));
  }

  adopt(choice: AdoptionChoice, profile: string | undefined, agreed: string): Promise<Changed> {
    const plan = makeAdoption(choice, profile, this.options.state === 'many');
    if (plan.digest !== agreed) return Promise.reject(new ApiError({ ...localProblem('engine-plan-changed', agreed), status: 409 }));
    return Promise.resolve(this.profiles.adopt(profile ?? profileId, plan));
  }

  /** For tests: a file is let go over the window, once the page listens. */
  async dropFile(name: string): Promise<void> {
    while (this.dropped === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    this.dropped(this.incoming.choose(name));
  }

  chooseFile(): Promise<string | null> {
    return Promise.resolve(this.incoming.choose());
  }

  agreeToAddress(address: string): Promise<string | null> {
    return Promise.resolve(this.incoming.choose(address));
  }

  onDropped(listener: (name: string) => void): Promise<() => void> {
    this.dropped = listener;
    return Promise.resolve(() => (this.dropped = undefined));
  }

  async lookAt(from: IncomingFrom, _: string, keepOthers: boolean): Promise<Incoming> {
    return structuredClone(this.incoming.lookAt(from, this.rows, () => this.plan(sharedChange(this.rows, this.profiles.entries, keepOthers))));
  }

  takePack(_: IncomingFrom, profile: string, keepOthers: boolean): Promise<ChangeRequest> {
    return Promise.resolve({ ...sharedChange(this.rows, this.profiles.entries, keepOthers), profile });
  }

  applyShared(_: IncomingFrom, profile: string, { keepOthers }: SharedConsent): Promise<Changed> {
    this.profiles.agreed(profile);
    return Promise.resolve(this.apply(sharedChange(this.rows, this.profiles.entries, keepOthers)));
  }

  chooseForGame(part: GamePart): Promise<string | null> {
    return Promise.resolve(part === 'program' ? '/opt/marbles/marbles' : '/home/ada/.local/share/marbles/levels');
  }

  async addOwnGame(title: string, layout: ModLayout): Promise<Changed | null> {
    const created = this.games.add(title, layout);
    return { ...this.stream.done({ topic: 'status', data: this.status() }), created };
  }

  async removeOwnGame(id: string): Promise<Changed | null> {
    this.games.remove(id);
    return this.stream.done({ topic: 'status', data: this.status() });
  }

  startService(): Promise<void> {
    this.setStopped(false);
    return Promise.resolve();
  }
}
