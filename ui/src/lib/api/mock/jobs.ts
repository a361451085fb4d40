/** Jobs of the mock world: each goes through its phases, one a step, and its end does the work. */
import type { Job } from '../api';
import type { MockStream } from './stream';
import type { MockTransfers } from './transfers';
import { iso, now, profileId } from './world';

const phases: Job['phase'][] = ['resolving', 'planning', 'fetching', 'unpacking', 'deploying', 'committing', 'done'];

/** How far a repository is that is looked at. */
const steps: Partial<Record<Job['phase'], Job['step']>> = {
  planning: { stage: 'receiving', bytes: 18_400_000, objects: 1_200, objects_total: 5_310 },
  fetching: { stage: 'receiving', bytes: 61_000_000, objects: 4_100, objects_total: 5_310 },
  unpacking: { stage: 'joining', bytes: 74_200_000, objects: 800, objects_total: 2_020 },
};

/** What the service did before the window was opened; where `failed`, the last of it was in vain. */
export function makeJobs(failed: boolean): Job[] {
  const job = (id: string, kind: Job['kind'], minutes: number, extra: Partial<Job>): Job => ({ id, kind, phase: 'done', subjects: [], members: [], done: 0, total: 0, created: iso(now - minutes * 60_000), updated: iso(now - minutes * 60_000), can_cancel: false, ...extra });
  const timeout = { type: 'urn:muster:problem:catalog-timeout', status: 503, code: 'catalog-timeout', title: 'timed out', trace: 'b2f1a9c0', context: { host: 'mods.studio.example' } };
  return [
    ...(failed ? [job('old-0', 'sync', 1, { subjects: ['Studio'], phase: 'failed', problem: timeout })] : []),
    job('old-1', 'sync', 4, { subjects: ['Community'] }),
    job('old-2', 'sync', 9, { subjects: ['Studio'], phase: 'failed', problem: timeout }),
    job('old-3', 'repair', 70, { profile: profileId }),
  ];
}

export function isEnded(job: Job): boolean {
  return ['done', 'failed', 'cancelled'].includes(job.phase);
}

export class MockJobs {
  all: Job[] = [];
  private readonly work = new Map<string, (job: Job) => void>();

  constructor(private readonly stream: MockStream, private readonly transfers: MockTransfers) {}

  get open(): Job[] {
    return this.all.filter((job) => !isEnded(job));
  }

  /** Whether the last one was in vain. */
  get hasFailed(): boolean {
    return this.all[0]?.phase === 'failed';
  }

  /** `work` is done at the good end, before that is said. */
  start(kind: Job['kind'], profile: string | undefined, work: (job: Job) => void, extra: Partial<Job> = {}): Job {
    const id = `job-${this.stream.change + 1}`;
    const job: Job = { id, kind, phase: 'waiting', ...(profile !== undefined && { profile }), subjects: [], members: [], done: 0, total: 0, created: iso(now), updated: iso(now), can_cancel: true, ...extra };
    this.all.unshift(job);
    this.work.set(id, work);
    return job;
  }

  cancel(id: string): Job | undefined {
    const job = this.all.find((candidate) => candidate.id === id);
    if (job === undefined) return undefined;
    Object.assign(job, { phase: 'cancelled', can_cancel: false });
    this.transfers.drop(job);
    return job;
  }

  step(): void {
    for (const job of this.open) this.stepOne(job);
  }

  private stepOne(job: Job): void {
    const transfers = this.transfers.of(job);
    const waits = transfers.some((transfer) => transfer.state !== 'done');
    if (job.phase !== 'fetching' || !waits) job.phase = phases[phases.indexOf(job.phase) + 1] ?? 'done';
    if (job.kind === 'look') job.step = steps[job.phase];
    job.done = transfers.reduce((sum, transfer) => sum + transfer.from_peers + transfer.from_servers, 0);
    if (job.phase === 'done') {
      Object.assign(job, { done: job.total, can_cancel: false });
      this.work.get(job.id)?.(job);
      this.transfers.drop(job);
    }
    this.stream.emit({ topic: 'job', data: { ...job, is_as_before: false } });
  }
}
