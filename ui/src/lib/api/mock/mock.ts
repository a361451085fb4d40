/** The in-memory service: answers every operation the window uses and moves transfers forward. */
import {
  ApiError, emptyChange, localProblem,
  type Api, type CallId, type Calls, type ChangeRequest, type Changed, type Event, type EventPayload, type Job,
  type LinkInspection, type OpenedLink, type PackageDetail, type PackageKey, type PackageRow, type PackageState, type PlanItem,
  type PlanPreview, type ProfileDetail, type ProfileEntry, type Reply, type Settings, type Snapshot, type Status,
  type StreamItem, type Transfer, type TransferCommand, type Transfers,
} from '../api';
import { search } from './search';
import { games, generations, hexFrom, iso, makeDetail, makeEntries, makeProfiles, makeRows, makeSources, now, profileId } from './world';

export interface MockOptions {
  packages: number;
  /** `loaded`, `empty`, `loading`, `error`, `partial` or `stopped`. */
  state: string;
  /** Milliseconds between steps; 0 leaves everything still (screenshots). */
  tick: number;
  link: string | null;
  settings: Partial<Settings>;
}

const same = (a: PackageKey, b: PackageKey): boolean => a.source === b.source && a.id === b.id;
const phases: Job['phase'][] = ['resolving', 'planning', 'fetching', 'unpacking', 'deploying', 'committing', 'done'];

export class MockApi implements Api {
  private rows: PackageRow[];
  private entries: ProfileEntry[];
  private profiles = makeProfiles();
  private sources;
  private history = [...generations];
  private jobs: Job[] = [];
  private transfers: Transfer[] = [];
  private paused = false;
  private settings: Settings;
  private change = 0;
  private number = 0;
  private undoable = new Map<string, ProfileEntry[]>();
  private listener: ((item: StreamItem) => void) | undefined;
  private links: ((link: OpenedLink) => void) | undefined;
  private stopped = false;
  private readonly opened: string[] = [];

  constructor(private readonly options: MockOptions) {
    const empty = options.state === 'empty';
    this.rows = empty ? [] : makeRows(options.packages);
    this.entries = empty ? [] : makeEntries(this.rows);
    this.sources = empty ? [] : makeSources(options.packages);
    this.stopped = options.state === 'stopped';
    this.settings = {
      sharing: 'unset', download_limit: 0, upload_limit: 1_000_000, cache_quota: 2_000_000_000, archive_days: 30, unfinished_days: 7, evict_protected: true, seeding_paused: false, listen: '0.0.0.0:0',
      language: '', theme: 'system', upload_auto: true, turtle: 'auto', turtle_download_limit: 0, turtle_upload_limit: 100_000, turtle_hours: '', share_hours: '',
      monthly_upload: 20_000_000_000, lan_exempt: true, find_nearby: true, find_public: true, open_port: true, connections: 50, user_share: 10, background_share: 100, upload_while_playing: false, background_while_playing: false,
      on_battery: 'pause', on_metered: 'pause', on_vpn: 'pause', share_when_away: false, ...options.settings,
    };
    if (!empty) this.transfers = this.seedTransfers();
    Object.assign(globalThis, { musterMock: this });
    if (options.tick > 0) setInterval(() => this.step(), options.tick);
  }

  /** For tests: a link that arrives while the window is open. */
  openLink(link: string): void {
    this.links?.({ text: link });
  }

  /** For tests: the service ends or comes back. */
  setStopped(stopped: boolean): void {
    this.stopped = stopped;
    if (stopped) this.listener?.({ type: 'lost', problem: localProblem('service-unreachable', 'stopped') });
    else this.connect();
  }

  async call<Id extends CallId>(id: Id, input: object = {}, signal?: AbortSignal): Promise<Reply<Id>> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal?.throwIfAborted();
    if (this.stopped) throw new ApiError(localProblem('service-unreachable', 'stopped'));
    if (this.options.state === 'loading' && !['status', 'games'].includes(id)) return new Promise(() => undefined);
    if (this.options.state === 'error' && ['search', 'package', 'profile'].includes(id)) {
      throw new ApiError({ ...localProblem('store-busy', 'the database is locked'), status: 503, trace: '7d21f0aa', context: { file: 'catalog.db' } });
    }
    const { path = {}, query, body } = input as { path?: Record<string, string>; query?: unknown; body?: unknown };
    return structuredClone(this.answer(id, path, (body ?? query) as never)) as Reply<Id>;
  }

  private answer(id: CallId, path: Record<string, string>, input: never): unknown {
    switch (id) {
      case 'games': return games;
      case 'search': return this.searchPage(input);
      case 'package': return this.detail(path);
      case 'plan': return this.plan(input);
      case 'change': return this.apply(input);
      case 'inspect-link': return this.inspect((input as { link: string }).link);
      case 'jobs': return this.jobs;
      case 'cancel-job': return this.cancel(path.job ?? '');
      case 'profiles': return this.profileList();
      case 'profile': return this.profileDetail(path.profile ?? '');
      case 'create-profile': return this.createProfile(input);
      case 'patch-profile': return this.patchProfile(path.profile ?? '', input);
      case 'go-back': return this.goBack(Number(path.generation));
      case 'verify': return { profile: profileId, intact: 1_204, changed: [{ place: 'mods', path: 'hud_core/settings.conf', package: 'HUD Core' }], missing: [], damaged_archives: [] };
      case 'launch': return (input as { prove: boolean }).prove
        ? { pid: 0, command: ['saltmere', '--server'], loaded: ['hud_core', 'tidewater'], not_loaded: [], evidence: ['Mod "hud_core" loaded'], errors: [] }
        : { pid: 4_242, command: ['saltmere'], loaded: [], not_loaded: [], evidence: [], errors: [] };
      case 'undo': return this.undo(path.token ?? '');
      case 'transfers': return this.transferList();
      case 'command-transfers': return this.command(input);
      case 'pause': return this.command({ action: 'pause' } as never);
      case 'resume': return this.command({ action: 'resume' } as never);
      case 'sources': return this.sources;
      case 'inspect-source': return { address: (input as { address: string }).address, root: hexFrom('new'), root_words: 'willow-brass-tide-candle', test_keys: true, known: false };
      case 'add-source': return this.addSource(input);
      case 'remove-source': this.sources = this.sources.filter((source) => source.id !== path.source); return this.done({ topic: 'sources', data: this.sources });
      case 'patch-settings': Object.assign(this.settings, input); return this.done({ topic: 'settings', data: this.settings });
      case 'status': return this.status();
      case 'sync-source':
      case 'decide-key': return this.done({ topic: 'sources', data: this.sources });
      default: throw new ApiError(localProblem('operation-unknown', id));
    }
  }

  // Catalog

  private stateOf(key: PackageKey): PackageState {
    const job = this.jobs.find((candidate) => !this.ended(candidate) && candidate.members.some((member) => same(member, key)));
    if (job !== undefined) return { state: 'busy', job: job.id };
    const entry = this.entries.find((candidate) => same(candidate, key));
    if (entry === undefined) return { state: 'absent' };
    if (entry.update !== undefined) return { state: 'update', version: entry.version, available: entry.update };
    return { state: entry.enabled ? 'on' : 'off', version: entry.version };
  }

  private searchPage(request: Calls['search']['query']): Reply<'search'> {
    const page = search(this.rows, request, (key) => this.stateOf(key));
    return { ...page, rows: page.rows.map((row) => ({ ...row, status: this.stateOf(row) })) };
  }

  private row(key: PackageKey): PackageRow {
    const row = this.rows.find((candidate) => same(candidate, key));
    if (row === undefined) throw new ApiError({ ...localProblem('catalog-unknown-package', key.id), status: 404, context: { package: key.id } });
    return { ...row, status: this.stateOf(row) };
  }

  private detail(path: Record<string, string>): PackageDetail {
    const row = this.row({ source: path.source ?? '', id: path.id ?? '' });
    return makeDetail(row, this.rows, (id) => this.entries.some((entry) => entry.id === id));
  }

  // Changes

  private item(row: PackageRow, action: PlanItem['action'], extra: Partial<PlanItem> = {}): PlanItem {
    return {
      action, source: row.source, id: row.id, title: row.title, publisher: row.publisher, to: row.version,
      size: row.size, here: 0, needed_by: [], license: row.license, seal: row.seal, signature: row.signature, ...extra,
    };
  }

  private plan(request: ChangeRequest): PlanPreview {
    const items: PlanItem[] = [];
    for (const wish of request.install) {
      const row = this.row(wish);
      const entry = this.entries.find((candidate) => same(candidate, wish));
      items.push(this.item(row, entry === undefined ? 'add' : 'change', {
        to: wish.range?.replace(/^=/, '') ?? row.version, ...(entry && { from: entry.version, here: Math.round(row.size * 0.9) }),
      }));
      const detail = makeDetail(row, this.rows, () => false);
      for (const need of detail.needs.filter((one) => one.relation === 'depends')) {
        const option = need.any_of[0];
        if (option && !this.entries.some((candidate) => same(candidate, option))) {
          items.push(this.item(this.row(option), 'add', { needed_by: [row.title] }));
        }
      }
    }
    const updates = request.update_all ? this.entries.filter((entry) => entry.update !== undefined) : request.update;
    for (const key of updates) {
      const row = this.row(key);
      const from = this.entries.find((entry) => same(entry, key))?.version;
      items.push(this.item(row, 'change', { ...(from && { from }), here: Math.round(row.size * 0.94) }));
    }
    const plain: [PlanItem['action'], PackageKey[]][] = [['remove', request.remove], ['enable', request.enable], ['disable', request.disable]];
    for (const [action, keys] of plain) for (const key of keys) items.push(this.item(this.row(key), action, { size: 0 }));
    const download = items.reduce((sum, item) => sum + item.size - item.here, 0);
    const blocked = items.filter((item) => ['key-changed', 'broken', 'revoked', 'removed'].includes(item.signature));
    return {
      profile: profileId, digest: hexFrom(JSON.stringify(request)), items, keeps: this.entries.length, download,
      here: items.reduce((sum, item) => sum + item.here, 0), unpacked: Math.round(download * 1.8),
      notices: blocked.map((item) => ({ code: item.signature, blocking: true, context: { package: item.title, publisher: item.publisher } })),
    };
  }

  private apply(request: ChangeRequest): Changed {
    const before = this.entries.map((entry) => ({ ...entry }));
    for (const entry of this.entries) {
      if (request.enable.some((key) => same(key, entry))) entry.enabled = true;
      if (request.disable.some((key) => same(key, entry))) entry.enabled = false;
    }
    this.entries = this.entries.filter((entry) => !request.remove.some((key) => same(key, entry)));
    const plan = this.plan({ ...emptyChange, ...request, remove: [], enable: [], disable: [] });
    const token = `undo-${this.change + 1}`;
    this.undoable.set(token, before);
    if (plan.items.length === 0) return { ...this.profileMoved(), undo: token };
    const job: Job = {
      id: `job-${this.change + 1}`, kind: 'change', phase: 'waiting', profile: profileId,
      subjects: plan.items.filter((item) => item.needed_by.length === 0).map((item) => item.title),
      members: plan.items.map((item) => ({ source: item.source, id: item.id, title: item.title, version: item.to, size: item.size, sha256: hexFrom(item.id) })),
      done: 0, total: plan.download, created: iso(now), updated: iso(now), can_cancel: true,
    };
    this.jobs.unshift(job);
    for (const item of plan.items) {
      this.transfers.push({
        sha256: hexFrom(item.id), name: `${item.title} ${item.to ?? ''}`, lane: 'user', position: this.transfers.length, state: 'queued',
        size: item.size, here: item.here, from_peers: 0, from_servers: 0, down: 0, up: 0, peers: 0,
      });
    }
    return { ...this.done({ topic: 'job', data: job }, { topic: 'transfers', data: this.transferList() }), job: job.id, undo: token };
  }

  private finish(job: Job): void {
    for (const member of job.members) {
      const row = this.row(member);
      const entry = this.entries.find((candidate) => same(candidate, member));
      if (entry !== undefined) Object.assign(entry, { version: member.version ?? entry.version, update: undefined });
      else {
        this.entries.push({
          source: row.source, id: row.id, title: row.title, publisher: row.publisher, seal: row.seal, kind: row.kind,
          version: member.version ?? row.version, size: row.size, enabled: true, wished: job.subjects.includes(row.title), needed_by: [],
        });
      }
    }
    this.transfers = this.transfers.filter((transfer) => !job.members.some((member) => member.sha256 === transfer.sha256));
    const number = (this.history[0]?.number ?? 0) + 1;
    job.generation = number;
    this.history = [
      { number, at: iso(Date.now()), cause: { code: 'install', context: { titles: job.subjects.join(', ') } }, current: true },
      ...this.history.map((generation) => ({ ...generation, current: false })),
    ];
    this.profileMoved();
  }

  private undo(token: string): Changed {
    const before = this.undoable.get(token);
    if (before === undefined) throw new ApiError(localProblem('undo-gone', token));
    this.entries = before;
    return this.profileMoved();
  }

  private cancel(id: string): Changed {
    const job = this.jobs.find((candidate) => candidate.id === id);
    if (job === undefined) return { change: this.change };
    job.phase = 'cancelled';
    job.can_cancel = false;
    this.transfers = this.transfers.filter((transfer) => !job.members.some((member) => member.sha256 === transfer.sha256));
    return this.done({ topic: 'job', data: job }, { topic: 'transfers', data: this.transferList() });
  }

  private goBack(generation: number): Changed {
    this.history = this.history.map((one) => ({ ...one, current: one.number === generation }));
    const token = `undo-${this.change + 1}`;
    this.undoable.set(token, this.entries.map((entry) => ({ ...entry })));
    return { ...this.profileMoved(), undo: token };
  }

  private inspect(link: string): LinkInspection {
    const [kind, source = '', publisher = '', rest = ''] = link.replace(/^muster:\/\//, '').split('/');
    if (kind === 'source') return { kind: 'add-source', root: hexFrom('new'), root_words: 'willow-brass-tide-candle', address: 'https://mods.example/index', known: false };
    const name = rest.split('@')[0];
    const row = this.rows.find((candidate) => candidate.id === `${publisher}/${name}`);
    if (source === 'unknown') return { kind: 'unknown-source', source, package: `${publisher}/${name}` };
    if (row === undefined) return { kind: 'refused', problem: { ...localProblem('catalog-unknown-package', link), context: { package: link } } };
    const package_ = { ...row, status: this.stateOf(row) };
    if (['on', 'off'].includes(package_.status.state)) return { kind: 'present', package: package_ };
    const request = { ...emptyChange, install: [{ source: row.source, id: row.id }] };
    const plan = this.plan(request);
    return { kind: 'package', package: package_, plan, request: { ...request, agreed: plan.digest } };
  }

  // Profiles, sources

  private profileList() {
    return this.profiles.map((profile) => profile.id !== profileId ? profile : {
      ...profile, generation: this.history[0]?.number ?? 0,
      on: this.entries.filter((entry) => entry.enabled).length, off: this.entries.filter((entry) => !entry.enabled).length,
      updates: this.entries.filter((entry) => entry.update !== undefined).length,
      problems: this.entries.filter((entry) => entry.problem !== undefined).length,
    });
  }

  private profileDetail(id: string): ProfileDetail {
    const profile = this.profileList().find((candidate) => candidate.id === id);
    if (profile === undefined) throw new ApiError({ ...localProblem('profile-unknown', id), status: 404 });
    const mine = id === profileId;
    return { ...profile, entries: mine ? this.entries : [], generations: mine ? this.history : [], places: { mods: '/games/saltmere/mods' }, lock: '' };
  }

  private createProfile(body: { name: string; game: string }): Changed {
    const game = games.find((one) => one.id === body.game);
    const id = `profile-${this.profiles.length}`;
    this.profiles = [...this.profiles, { id, name: body.name, game: body.game, game_title: game?.title ?? body.game, installation: 'native', active: true, generation: 0, on: 0, off: 0, updates: 0, problems: 0 }];
    return { ...this.done({ topic: 'profiles', data: this.profileList() }), created: id };
  }

  private patchProfile(id: string, patch: { active?: boolean; name?: string; world?: string }): Changed {
    this.profiles = this.profiles.map((profile) => ({
      ...profile, ...(patch.active && { active: profile.id === id }), ...(profile.id === id && { name: patch.name ?? profile.name, world: patch.world ?? profile.world }),
    }));
    return this.done({ topic: 'profiles', data: this.profileList() });
  }

  private addSource(body: { address: string; alias?: string; root?: string }): Changed {
    this.sources = [...this.sources, { id: 'reg-new', alias: body.alias ?? 'New source', kind: 'registry', address: body.address, priority: 9, enabled: true, state: 'new' as const, packages: 0, root: body.root ?? '', root_words: 'willow-brass-tide-candle', test_keys: true }];
    return { ...this.done({ topic: 'sources', data: this.sources }), created: 'reg-new' };
  }

  // Transfers

  private seedTransfers(): Transfer[] {
    const make = (index: number, extra: Partial<Transfer>): Transfer => {
      const row = this.rows[index] as PackageRow;
      return { sha256: hexFrom(`t${row.id}`), name: `${row.title} ${row.version}`, lane: 'user', position: 0, state: 'queued', size: row.size, here: 0, from_peers: 0, from_servers: 0, down: 0, up: 0, peers: 0, ...extra };
    };
    const map = this.rows[3]?.size ?? 0;
    const list = [
      make(3, { lane: 'lobby-urgent', state: 'active', here: map * 0.1, from_peers: map * 0.38, from_servers: map * 0.16, down: 6_900_000, peers: 14, eta: 21 }),
      make(8, { lane: 'lobby-urgent', state: 'checking', from_peers: 40_000_000, from_servers: 7_000_000, down: 1_300_000, peers: 3 }),
      make(4, { position: 0, peers: 22, here: 210_000_000, reason: { code: 'waiting-order', context: {} }, eta: 240 }),
      make(14, { position: 1, state: 'paused', from_servers: 21_000_000, reason: { code: 'waiting-paused', context: {} } }),
      make(13, { position: 2, state: 'failed', from_peers: 3_000_000, reason: { code: 'waiting-failed', context: {} } }),
      make(9, { lane: 'background', reason: { code: 'waiting-game', context: {} } }),
      make(12, { lane: 'background', state: 'done', from_servers: 12_000 }),
    ];
    return this.options.state === 'partial' ? list.slice(3) : list;
  }

  private transferList(): Transfers {
    const active = this.paused ? [] : this.transfers.filter((transfer) => transfer.state === 'active');
    const down = active.reduce((sum, transfer) => sum + transfer.down, 0);
    const open = this.transfers.filter((transfer) => transfer.state !== 'done');
    const sum = (part: (transfer: Transfer) => number): number => open.reduce((total, transfer) => total + part(transfer), 0);
    const [total, here, from_peers, from_servers] = [sum((t) => t.size), sum((t) => t.here), sum((t) => t.from_peers), sum((t) => t.from_servers)];
    const done = here + from_peers + from_servers;
    const all = { archives: open.length, complete: 0, total, done, left: total - done, here, from_peers, from_servers, down };
    return { transfers: this.transfers, paused: this.paused, down, down_peers: Math.round(down * 0.74), down_servers: Math.round(down * 0.26), up: 640_000, groups: [], all };
  }

  private command(command: TransferCommand): Changed {
    if (command.sha256 === undefined) this.paused = command.action === 'pause';
    this.transfers = this.transfers.map((transfer) => {
      if (command.sha256 !== undefined && transfer.sha256 !== command.sha256) return transfer;
      if (command.action === 'move') return { ...transfer, lane: command.lane ?? transfer.lane, position: command.position ?? transfer.position };
      if (command.action === 'pause' && transfer.state !== 'done') return { ...transfer, state: 'paused', down: 0, reason: { code: 'waiting-paused', context: {} } };
      if (command.action === 'resume' && transfer.state !== 'paused') return transfer;
      return transfer.state === 'done' ? transfer : { ...transfer, state: 'queued', reason: undefined };
    });
    return this.done({ topic: 'transfers', data: this.transferList() }, { topic: 'status', data: this.status() });
  }

  private ended(job: Job): boolean {
    return ['done', 'failed', 'cancelled'].includes(job.phase);
  }

  private step(): void {
    if (this.stopped) return;
    for (const job of this.jobs.filter((candidate) => !this.ended(candidate))) this.stepJob(job);
    if (!this.paused) this.transfers = this.transfers.map((transfer) => this.stepTransfer(transfer));
    this.emit({ topic: 'transfers', data: this.transferList() });
    this.emit({ topic: 'status', data: this.status() });
  }

  private stepJob(job: Job): void {
    const waits = this.transfers.some((transfer) => job.members.some((member) => member.sha256 === transfer.sha256) && transfer.state !== 'done');
    if (job.phase !== 'fetching' || !waits) job.phase = phases[phases.indexOf(job.phase) + 1] ?? 'done';
    job.done = this.transfers.filter((transfer) => job.members.some((member) => member.sha256 === transfer.sha256)).reduce((sum, transfer) => sum + transfer.from_peers + transfer.from_servers, 0);
    if (job.phase === 'done') {
      job.done = job.total;
      job.can_cancel = false;
      this.finish(job);
    }
    this.emit({ topic: 'job', data: { ...job } });
  }

  private stepTransfer(transfer: Transfer): Transfer {
    if (!['queued', 'active', 'checking'].includes(transfer.state) || transfer.reason !== undefined) return transfer;
    const left = transfer.size - transfer.here - transfer.from_peers - transfer.from_servers;
    if (transfer.state === 'checking') return { ...transfer, state: 'done', down: 0 };
    if (left <= 0) return { ...transfer, state: 'checking', down: 0 };
    const bytes = Math.min(left, Math.max(1_700_000, transfer.size * 0.2));
    const peers = Math.round(bytes * 0.7);
    const down = (bytes * 1000) / Math.max(1, this.options.tick);
    return { ...transfer, state: 'active', from_peers: transfer.from_peers + peers, from_servers: transfer.from_servers + bytes - peers, down, peers: 9, eta: Math.ceil(left / down) };
  }

  // Stream

  private status(): Status {
    const list = this.transferList();
    const open = this.transfers.filter((transfer) => transfer.state !== 'done').length;
    return {
      version: { min: 1, max: 1, program: '0.1.0-dev', build: 'mock' }, pid: 1, started: iso(now), state: this.paused ? 'paused' : open > 0 ? 'working' : 'idle',
      reasons: [], jobs: this.jobs.filter((job) => !this.ended(job)).length,
      transfers: open, down: list.down, up: this.settings.sharing === 'everybody' ? list.up : 0, packages: this.rows.length, cache_used: 1_600_000_000, cache_quota: this.settings.cache_quota,
      shared: 0, active_profile: this.options.state === 'empty' ? undefined : profileId,
    };
  }

  private snapshot(): Snapshot {
    return {
      status: this.status(), jobs: this.jobs, transfers: this.transferList(), sources: this.sources, settings: this.settings,
      profiles: this.options.state === 'empty' ? [] : this.profileList(),
    };
  }

  private emit(payload: EventPayload): void {
    if (this.stopped || this.listener === undefined) return;
    const event = { number: this.number, change: this.change, ...structuredClone(payload) } as Event;
    this.number += 1;
    this.listener({ type: 'event', event });
  }

  private done(...payloads: EventPayload[]): Changed {
    this.change += 1;
    for (const payload of payloads) setTimeout(() => this.emit(payload), 5);
    return { change: this.change };
  }

  private profileMoved(): Changed {
    return this.done({ topic: 'profile-changed', data: { profile: profileId } }, { topic: 'profiles', data: this.profileList() });
  }

  private connect(): void {
    this.number = 0;
    this.emit({ topic: 'snapshot', data: this.snapshot() });
  }

  subscribe(listener: (item: StreamItem) => void): Promise<() => Promise<void>> {
    this.listener = listener;
    if (this.stopped) listener({ type: 'lost', problem: localProblem('service-unreachable', 'stopped') });
    else this.connect();
    return Promise.resolve(() => Promise.resolve((this.listener = undefined)));
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

  startService(): Promise<void> {
    this.setStopped(false);
    return Promise.resolve();
  }
}
