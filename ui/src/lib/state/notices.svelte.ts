/** The reserved message slot: one message at a time, earlier ones counted, errors stay until closed. */
import type { Changed, Problem } from '$lib/api/api';

/** An undo token of the service, or the call that takes a change back for which the service has none. */
export type WayBack = string | (() => Promise<Changed>);

export interface NoticeAction {
  label: string;
  run: () => void;
}

export interface Notice {
  id: number;
  text: string;
  undo?: WayBack | undefined;
  /** What else can be done about it. */
  act?: NoticeAction | undefined;
  problem?: Problem | undefined;
}

const shownFor = 10_000;

class Notices {
  list = $state.raw<Notice[]>([]);
  /** What a screen reader hears at once. */
  urgent = $state('');
  /** Pointer or focus is on the slot: nothing disappears under the hand. */
  held = $state(false);
  #next = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get current(): Notice | undefined {
    return this.list[0];
  }

  /** Gives the number under which the message can be closed. */
  say(text: string, undo?: WayBack, act?: NoticeAction): number {
    const id = this.#next;
    this.#push({ id, text, undo, act });
    return id;
  }

  fail(text: string, problem: Problem): void {
    this.#push({ id: this.#next, text, problem });
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** The newest change that can be put back. */
  undoable(): Notice | undefined {
    return this.list.find((notice) => notice.undo !== undefined);
  }

  hold(held: boolean): void {
    this.held = held;
    if (!held) this.#restart();
  }

  #push(notice: Notice): void {
    this.#next += 1;
    this.list = [notice, ...this.list].slice(0, 20);
    this.#restart();
  }

  #restart(): void {
    clearTimeout(this.#timer);
    const current = this.current;
    if (current === undefined || current.problem !== undefined) return;
    this.#timer = setTimeout(() => {
      if (this.held) this.#restart();
      else this.list = this.list.filter((notice) => notice.problem !== undefined);
    }, shownFor);
  }
}

export const notices = new Notices();
