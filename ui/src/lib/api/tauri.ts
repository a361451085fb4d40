/** The product's bridge, and the only file that knows Tauri. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import {
  localProblem,
  queryText,
  toApiError,
  type Api,
  type CallId,
  type Event,
  type Reply,
  type StreamItem,
} from './api';

interface Input {
  path?: Record<string, string>;
  query?: object;
  body?: unknown;
}

/** An item as the shell sends it: an event of the service, or a change of the connection. */
type ShellItem = { type: string; event?: Event; problem?: unknown } & Partial<Event>;

export function toStreamItem(item: ShellItem): StreamItem | undefined {
  if (item.event !== undefined) return { type: 'event', event: item.event };
  if (item.number !== undefined && item.topic !== undefined) return { type: 'event', event: item as Event };
  if (item.type === 'connected') return undefined;
  return { type: 'lost', problem: toApiError(item.problem ?? localProblem('service-unreachable', item.type)).problem };
}

export class TauriApi implements Api {
  async call<Id extends CallId>(id: Id, input: Input = {}, signal?: AbortSignal): Promise<Reply<Id>> {
    try {
      const answer = await invoke<Reply<Id>>('call', {
        operation: id,
        path: input.path ?? {},
        query: queryText(input.query),
        body: input.body ?? null,
      });
      signal?.throwIfAborted();
      return answer;
    } catch (thrown) {
      if (signal?.aborted) throw signal.reason;
      throw toApiError(thrown);
    }
  }

  async subscribe(listener: (item: StreamItem) => void): Promise<() => void> {
    const channel = new Channel<ShellItem>();
    let listening = true;
    channel.onmessage = (raw) => {
      const item = toStreamItem(raw);
      if (listening && item !== undefined) listener(item);
    };
    await invoke('subscribe', { channel });
    return () => {
      listening = false;
      void invoke('unsubscribe').catch(() => undefined);
    };
  }

  pendingLink(): Promise<string | null> {
    return invoke<string | null>('pending_link');
  }

  async onLink(listener: (link: string) => void): Promise<() => void> {
    return listen<string>('link', (event) => listener(event.payload));
  }

  async windowReady(): Promise<void> {
    await invoke('window_ready');
  }

  async openExternal(address: string): Promise<void> {
    await invoke('open_external', { address });
  }

  async startService(): Promise<void> {
    try {
      await invoke('start_service');
    } catch (thrown) {
      throw toApiError(thrown);
    }
  }
}
