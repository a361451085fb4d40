/** The one stream of the mock world, and the number of its last change: what all its areas share. */
import { localProblem, type Changed, type Event, type EventPayload, type StreamItem } from '../api';

export class MockStream {
  change = 0;
  stopped = false;
  listener: ((item: StreamItem) => void) | undefined;
  private number = 0;

  emit(payload: EventPayload): void {
    if (this.stopped || this.listener === undefined) return;
    const event = { number: this.number, change: this.change, ...structuredClone(payload) } as Event;
    this.number += 1;
    this.listener({ type: 'event', event });
  }

  /** The reply to a change; what it changed follows as events. */
  done(...payloads: EventPayload[]): Changed {
    this.change += 1;
    for (const payload of payloads) setTimeout(() => this.emit(payload), 5);
    return { change: this.change };
  }

  /** Starts to number anew; the first event is the snapshot. */
  restart(): void {
    this.number = 0;
  }

  lose(): void {
    this.listener?.({ type: 'lost', problem: localProblem('service-unreachable', 'stopped') });
  }
}
