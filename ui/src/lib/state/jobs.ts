/** Says in the message slot how a job ended, with the undo that its change gave. */
import type { Job } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import type { MessageId } from '$lib/i18n/ids';
import { live } from './live.svelte';
import { notices, type WayBack } from './notices.svelte';
import { problemText } from './problems';

/** What is known of a job that this window asked for. */
export interface Followed {
  undo?: WayBack | undefined;
  /** The message that said that the job began; its end takes its place. */
  notice?: number | undefined;
  /** What its good end means; a sentence for its kind otherwise. */
  ended?: string | undefined;
}

const mine = new Map<string, Followed>();
const open = new Set<string>();
const told = new Set<string>();
const waiting = new Map<string, (() => void)[]>();

/** Says how this job of ours ends, which may have been before the reply that named it. */
export function follow(id: string, followed: Followed): void {
  mine.set(id, followed);
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
  const { undo, notice, ended } = mine.get(job.id) ?? {};
  mine.delete(job.id);
  if (notice !== undefined) notices.close(notice);
  if (told.has(job.id)) return;
  told.add(job.id);
  if (job.kind === 'look' || (job.kind === 'sync' && job.phase === 'done')) return;
  const values = { title: job.subjects[0] ?? '', count: job.subjects.length };
  if (job.phase === 'failed' && job.problem !== undefined) {
    notices.fail(t('job-failed', { ...values, why: problemText(job.problem) }), job.problem);
  } else if (job.phase === 'done') {
    notices.say(ended ?? t(`job-done-${job.kind}` as MessageId, values), undo);
  }
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
