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

/** Says how this job of ours ends, which may have been before the reply that named it. */
export function follow(id: string, undo: string | undefined, notice: number | undefined): void {
  if (undo !== undefined) undoOfJob.set(id, undo);
  if (notice !== undefined) noticeOfJob.set(id, notice);
  open.add(id);
  const job = live.job(id);
  if (job !== undefined && isOver(job)) ended(job);
}

export function isOver(job: Job): boolean {
  return job.phase === 'done' || job.phase === 'failed' || job.phase === 'cancelled';
}

function ended(job: Job): void {
  open.delete(job.id);
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
      for (const job of event.data.jobs) if (!isOver(job)) open.add(job.id);
    }
    if (event.topic !== 'job') return;
    const job = event.data;
    if (!isOver(job)) open.add(job.id);
    else if (open.has(job.id)) ended(job);
  });
}
