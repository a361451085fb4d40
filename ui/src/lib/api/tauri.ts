/** The product's bridge, and the only file that knows Tauri. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import {
  queryText,
  toApiError,
  type AdoptionChoice,
  type AdoptionPlan,
  type Api,
  type CallId,
  type ChangeRequest,
  type Changed,
  type GamePart,
  type Incoming,
  type IncomingFrom,
  type ModLayout,
  type OpenedLink,
  type Reply,
  type SharedConsent,
  type StreamItem,
} from './api';

interface Input {
  path?: Record<string, string>;
  query?: object;
  body?: unknown;
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

  async subscribe(listener: (item: StreamItem) => void): Promise<() => Promise<void>> {
    const channel = new Channel<StreamItem>();
    let listening = true;
    channel.onmessage = (item) => {
      if (listening) listener(item);
    };
    await invoke('subscribe', { channel });
    return async () => {
      listening = false;
      await invoke('unsubscribe').catch(() => undefined);
    };
  }

  pendingLink(): Promise<string | null> {
    return invoke<string | null>('pending_link');
  }

  async onLink(listener: (link: OpenedLink) => void): Promise<() => void> {
    const stops = await Promise.all([
      listen<string>('link', (event) => listener({ text: event.payload })),
      listen<unknown>('link-refused', (event) => listener({ problem: toApiError(event.payload).problem })),
    ]);
    return () => stops.forEach((stop) => stop());
  }

  async windowReady(): Promise<void> {
    await invoke('window_ready');
  }

  async openExternal(address: string): Promise<void> {
    await invoke('open_external', { address });
  }

  chooseForGame(part: GamePart): Promise<string | null> {
    return refusable(invoke<string | null>('choose_for_game', { part }));
  }

  addOwnGame(title: string, layout: ModLayout): Promise<Changed | null> {
    return refusable(invoke<Changed | null>('add_own_game', { title, layout }));
  }

  removeOwnGame(game: string): Promise<Changed | null> {
    return refusable(invoke<Changed | null>('remove_own_game', { game }));
  }

  chooseAdoption(): Promise<string | null> {
    return refusable(invoke<string | null>('choose_adoption'));
  }

  planAdoption(choice: AdoptionChoice, profile: string | undefined): Promise<AdoptionPlan> {
    return refusable(invoke<AdoptionPlan>('plan_adoption', { choice, profile: profile ?? null }));
  }

  adopt(choice: AdoptionChoice, profile: string | undefined, agreed: string): Promise<Changed> {
    return refusable(invoke<Changed>('adopt', { choice, profile: profile ?? null, agreed }));
  }

  chooseFile(): Promise<string | null> {
    return refusable(invoke<string | null>('choose_file'));
  }

  agreeToAddress(address: string): Promise<string | null> {
    return refusable(invoke<string | null>('agree_to_address', { address }));
  }

  onDropped(listener: (name: string) => void): Promise<() => void> {
    return listen<string>('dropped', (event) => listener(event.payload));
  }

  lookAt(from: IncomingFrom, profile: string, keepOthers: boolean): Promise<Incoming> {
    return refusable(invoke<Incoming>('look_at', { from, profile, keepOthers }));
  }

  applyShared(from: IncomingFrom, profile: string, { keepOthers, follow, digest, agreed }: SharedConsent): Promise<Changed> {
    return refusable(invoke<Changed>('apply_shared', { from, profile, consent: { keep_others: keepOthers, follow, digest, agreed: agreed ?? null } }));
  }

  takePack(from: IncomingFrom, profile: string, keepOthers: boolean, digest: string): Promise<ChangeRequest> {
    return refusable(invoke<ChangeRequest>('take_pack', { from, profile, keepOthers, digest }));
  }

  async startService(): Promise<void> {
    try {
      await invoke('start_service');
    } catch (thrown) {
      throw toApiError(thrown);
    }
  }
}

/** A refusal of the window's own commands is a problem document, as those of the service are. */
async function refusable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw toApiError(thrown);
  }
}
