/** Says in the message slot how a job ended, with the undo that its change gave. */
import type { Job } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import type { MessageId } from '$lib/i18n/ids';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problems';

const undoOfJob = new Map<string, string>();
/** The message that said that the job began; its end takes its place. */
const noticeOfJob = new Map<string, number>();
const open = new Set<string>();
const told = new Set<string>();
const waiting = new Map<string, (() => void)[]>();

/** Says how this job of ours ends, which may have been before the reply that named it. */
export function follow(id: string, undo: string | undefined, notice: number | undefined): void {
  if (undo !== undefined) undoOfJob.set(id, undo);
  if (notice !== undefined) noticeOfJob.set(id, notice);
  open.add(id);
  const job = live.job(id);
  if (job !== undefined && isOver(job)) ended(job);
}

/** Waits until the end of a job that is followed has been said; a job that nobody knows any more is over. */
export function over(id: string): Promise<void> {
  if (!open.has(id)) return Promise.resolve();
  return new Promise((resolve) => waiting.set(id, [...(waiting.get(id) ?? []), resolve]));
}

function release(id: string): void {
  const resolvers = waiting.get(id) ?? [];
  waiting.delete(id);
  for (const resolve of resolvers) resolve();
}

export function isOver(job: Job): boolean {
  return job.phase === 'done' || job.phase === 'failed' || job.phase === 'cancelled';
}

function ended(job: Job): void {
  open.delete(job.id);
  say(job);
  release(job.id);
}

function say(job: Job): void {
  const begun = noticeOfJob.get(job.id);
  if (begun !== undefined) notices.close(begun);
  noticeOfJob.delete(job.id);
  if (told.has(job.id)) return;
  told.add(job.id);
  if (job.kind === 'sync' && job.phase === 'done') return;
  const values = { title: job.subjects[0] ?? '', count: job.subjects.length };
  if (job.phase === 'failed' && job.problem !== undefined) {
    notices.fail(t('job-failed', { ...values, why: problemText(job.problem) }), job.problem);
  } else if (job.phase === 'done') {
    notices.say(t(`job-done-${job.kind}` as MessageId, values), undoOfJob.get(job.id));
  }
  undoOfJob.delete(job.id);
}

export function watchJobs(): () => void {
  return live.watch((event) => {
    if (event.topic === 'snapshot') {
      const { jobs } = event.data;
      for (const job of jobs) if (!isOver(job)) open.add(job.id);
      for (const id of waiting.keys()) if (!jobs.some((job) => job.id === id && !isOver(job))) release(id);
    }
    if (event.topic !== 'job') return;
    const job = event.data;
    if (!isOver(job)) open.add(job.id);
    else if (open.has(job.id)) ended(job);
  });
}
