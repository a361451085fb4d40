/** For tests only: a real service behind a proxy that forwards HTTP to its socket. */
import {
  ApiError,
  isProblem,
  localProblem,
  operationPath,
  queryText,
  type Api,
  type CallId,
  type Event,
  type Reply,
  type StreamItem,
} from './api';
import { operations } from './generated/types';

interface Input {
  path?: Record<string, string>;
  query?: object;
  body?: unknown;
}

export class HttpApi implements Api {
  constructor(private readonly base: string) {}

  async call<Id extends CallId>(id: Id, input: Input = {}, signal?: AbortSignal): Promise<Reply<Id>> {
    const query = new URLSearchParams(queryText(input.query)).toString();
    const address = this.base + operationPath(id, input.path) + (query === '' ? '' : `?${query}`);
    const body = input.body === undefined ? null : JSON.stringify(input.body);
    let response: Response;
    try {
      response = await fetch(address, {
        method: operations[id].method,
        body,
        headers: { 'content-type': 'application/json' },
        signal: signal ?? null,
      });
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      throw new ApiError(localProblem('service-unreachable', String(thrown)));
    }
    const answer: unknown = await response.json();
    if (response.ok) return answer as Reply<Id>;
    throw new ApiError(isProblem(answer) ? answer : localProblem('service-unreachable', response.statusText));
  }

  subscribe(listener: (item: StreamItem) => void): Promise<() => Promise<void>> {
    const source = new EventSource(this.base + operationPath('events'));
    const take = (message: MessageEvent<string>) =>
      listener({ type: 'event', event: JSON.parse(message.data) as Event });
    for (const name of ['message', 'snapshot', 'event']) source.addEventListener(name, take);
    source.onerror = () => listener({ type: 'lost' });
    return Promise.resolve(() => Promise.resolve(source.close()));
  }

  pendingLink(): Promise<string | null> {
    return Promise.resolve(new URLSearchParams(location.search).get('link'));
  }

  onLink(): Promise<() => void> {
    return Promise.resolve(() => undefined);
  }

  windowReady(): Promise<void> {
    return Promise.resolve();
  }

  openExternal(address: string): Promise<void> {
    window.open(address, '_blank', 'noopener');
    return Promise.resolve();
  }

  /** A browser has no windows of the desktop. */
  chooseForGame(): Promise<never> {
    return Promise.reject(new ApiError(localProblem('app-not-allowed', 'a browser')));
  }

  addOwnGame(): Promise<never> {
    return this.chooseForGame();
  }

  chooseAdoption(): Promise<never> {
    return this.chooseForGame();
  }

  planAdoption(): Promise<never> {
    return this.chooseForGame();
  }

  adopt(): Promise<never> {
    return this.chooseForGame();
  }

  chooseFile(): Promise<never> {
    return this.chooseForGame();
  }

  agreeToAddress(): Promise<never> {
    return this.chooseForGame();
  }

  onDropped(): Promise<() => void> {
    return Promise.resolve(() => undefined);
  }

  lookAt(): Promise<never> {
    return this.chooseForGame();
  }

  applyShared(): Promise<never> {
    return this.chooseForGame();
  }

  takePack(): Promise<never> {
    return this.chooseForGame();
  }

  removeOwnGame(): Promise<never> {
    return this.chooseForGame();
  }

  startService(): Promise<void> {
    return Promise.resolve();
  }
}
