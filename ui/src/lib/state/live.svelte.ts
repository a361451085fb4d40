/**
 * What the service says right now: the snapshot, kept current by numbered events. A gap in the numbers means that
 * something was missed; the bridge is then asked for a new snapshot by subscribing again.
 */
import { toApiError, type Event, type Job, type Lobbies, type Problem, type Profile, type Settings, type Source, type Status, type StreamItem, type Transfers } from '$lib/api/api';
import { api } from './bridge';
import { moment } from './moments';
import { changed } from './transfers';

export type Connection = 'connecting' | 'live' | 'lost';
type Watcher = (event: Event) => void;

const nothing = { archives: 0, complete: 0, total: 0, done: 0, left: 0, here: 0, from_peers: 0, from_servers: 0, down: 0 };
const noTransfers: Transfers = { transfers: [], paused: false, down: 0, down_peers: 0, down_servers: 0, up: 0, groups: [], all: nothing };
const keptJobs = 50;
/** One column of the graph: bytes per second by peers and by servers. */
export type Sample = readonly [peers: number, servers: number];
const keptSamples = 300;

class Live {
  connection = $state<Connection>('connecting');
  problem = $state.raw<Problem | undefined>(undefined);
  status = $state.raw<Status | undefined>(undefined);
  jobs = $state.raw<Job[]>([]);
  transfers = $state.raw<Transfers>(noTransfers);
  profiles = $state.raw<Profile[]>([]);
  sources = $state.raw<Source[]>([]);
  settings = $state.raw<Settings | undefined>(undefined);
  lobbies = $state.raw<Lobbies>({ hosts: [] });
  samples = $state.raw<Sample[]>([]);
  #number = -1;
  #watchers = new Set<Watcher>();
  #stop: (() => Promise<void>) | undefined;

  get usable(): boolean {
    return this.connection === 'live';
  }

  async start(): Promise<void> {
    await this.pause();
    this.#number = -1;
    try {
      this.#stop = await api().subscribe((item) => this.take(item));
    } catch (thrown) {
      this.take({ type: 'lost', problem: toApiError(thrown).problem });
    }
  }

  /** Ends the stream, so that nothing is done for a window that nobody sees. */
  async pause(): Promise<void> {
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }

  get paused(): boolean {
    return this.#stop === undefined;
  }

  /** Called once a second; the graph is the only thing that needs a clock. */
  sample(): void {
    const { down_peers, down_servers } = this.transfers;
    this.samples = [...this.samples.slice(1 - keptSamples), [down_peers, down_servers]];
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  job(id: string): Job | undefined {
    return this.jobs.find((job) => job.id === id);
  }

  take(item: StreamItem): void {
    if (item.type === 'lost') {
      this.connection = 'lost';
      this.problem = item.problem;
      return;
    }
    const event = item.event;
    if (event.topic !== 'snapshot' && event.number !== this.#number + 1) {
      void this.start();
      return;
    }
    this.#number = event.number;
    const whole = this.#whole(event);
    this.#apply(whole);
    for (const watcher of this.#watchers) watcher(whole);
  }

  /** An event with what it leaves out because it was told before. */
  #whole(event: Event): Event {
    if (event.topic !== 'job' || !event.data.is_as_before) return event;
    const known = this.job(event.data.id);
    return known === undefined ? event : { ...event, data: { ...event.data, subjects: known.subjects, members: known.members } };
  }

  #apply(event: Event): void {
    switch (event.topic) {
      case 'snapshot':
        Object.assign(this, event.data);
        this.connection = 'live';
        moment('live');
        this.problem = undefined;
        if (this.samples.length === 0) this.sample();
        break;
      case 'job':
        this.jobs = [event.data, ...this.jobs.filter((job) => job.id !== event.data.id)].slice(0, keptJobs);
        break;
      case 'status':
        this.status = event.data;
        break;
      case 'transfers':
        this.transfers = changed(this.transfers, event.data);
        break;
      case 'profiles':
        this.profiles = event.data;
        break;
      case 'sources':
        this.sources = event.data;
        break;
      case 'settings':
        this.settings = event.data;
        break;
      case 'lobbies':
        this.lobbies = event.data;
        break;
    }
  }
}

export const live = new Live();
