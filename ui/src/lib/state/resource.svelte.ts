/** One answer of the service: keeps the last good data while a newer one loads, and the error beside it. */
import { toApiError, type Problem } from '$lib/api/api';

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined);
  problem = $state.raw<Problem | undefined>(undefined);
  loading = $state(false);
  #request = 0;
  #abort: AbortController | undefined;
  #newest: Promise<void> = Promise.resolve();

  /** Asks again; an older request is aborted, its late reply dropped, and whoever waits for it waits for the new one. */
  load(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#newest = this.#load(ask);
    return this.#newest;
  }

  async #load(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#request += 1;
    const request = this.#request;
    this.loading = true;
    try {
      const data = await ask(abort.signal);
      if (request !== this.#request) return await this.#newest;
      this.data = data;
      this.problem = undefined;
    } catch (thrown) {
      if (request !== this.#request) return await this.#newest;
      this.problem = toApiError(thrown).problem;
    }
    this.loading = false;
  }

  /** Forgets everything: another thing is shown from now on. */
  clear(): void {
    this.#request += 1;
    this.#newest = Promise.resolve();
    this.#abort?.abort();
    this.data = undefined;
    this.problem = undefined;
    this.loading = false;
  }
}
