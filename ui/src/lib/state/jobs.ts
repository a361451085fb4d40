/** Says in the message slot how a job ended, with the undo that its change gave. */
import type { Job } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import type { MessageId } from '$lib/i18n/ids';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problems';

const undoOfJob = new Map<string, string>();
const open = new Set<string>();

/** The undo token of the change that a job carries out. */
export function rememberUndo(job: string, token: string): void {
  undoOfJob.set(job, token);
}

export function isOver(job: Job): boolean {
  return job.phase === 'done' || job.phase === 'failed' || job.phase === 'cancelled';
}

function ended(job: Job): void {
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
    else if (open.delete(job.id)) ended(job);
  });
}
