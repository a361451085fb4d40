/** Looking at an address: a repository that has to be fetched shows how far it is, and stops when nobody waits for it. */
import { ApiError, localProblem, type Job, type SourceOffer } from '$lib/api/api';
import { api } from './bridge';
import { isOver } from './jobs';
import { live } from './live.svelte';

/** The end of a job, which may have been before the reply that named it. */
function end(id: string, signal: AbortSignal): Promise<Job | undefined> {
  return new Promise((resolve) => {
    let stop = (): void => {};
    const settle = (job: Job | undefined): void => {
      stop();
      resolve(job);
    };
    const look = (): boolean => {
      const job = live.job(id);
      if (job !== undefined && isOver(job)) settle(job);
      return job !== undefined;
    };
    // A service that started anew does not know it any more.
    stop = live.watch((event) => !look() && event.topic === 'snapshot' && settle(undefined));
    signal.addEventListener('abort', () => settle(undefined), { once: true });
    look();
  });
}

export class Looking {
  #id = $state<string | undefined>(undefined);
  job = $derived(this.#id === undefined ? undefined : live.job(this.#id));

  async offer(address: string, signal: AbortSignal): Promise<SourceOffer> {
    const body = { address };
    const { job } = await api().call('look-at-source', { body }, signal);
    if (job !== undefined) await this.#wait(job, signal);
    return api().call('inspect-source', { body }, signal);
  }

  async #wait(id: string, signal: AbortSignal): Promise<void> {
    this.#id = id;
    const ended = await end(id, signal);
    if (this.#id === id) this.#id = undefined;
    if (signal.aborted) await api().call('cancel-job', { path: { job: id } });
    if (ended?.phase !== 'done') throw new ApiError(ended?.problem ?? localProblem('job-cancelled', 'cancelled'));
  }
}
