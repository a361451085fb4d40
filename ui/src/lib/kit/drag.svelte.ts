/** Rows moved with the pointer: before which row they would go now, and the word when they are let go. */

/** Where the rows of a list are. */
export interface Rows {
  /** The part of the window that shows them, without their head. */
  area(): DOMRect;
  scroll(by: number): void;
  /** The row before which something at this height (CSS px from the top of the area) would go. */
  gap(height: number): number;
}

/** A shorter way of the pointer (CSS px) is a click. */
const click = 5;
/** Nearer than this (CSS px) to an edge the list scrolls. */
const edge = 28;

export class RowDrag {
  /** What is dragged, by its row. */
  from = $state<number | undefined>(undefined);
  /** The row before which it would go. */
  to = $state(0);
  #y = 0;
  #frame = 0;

  constructor(private readonly rows: Rows) {}

  /** Follows the pointer from a press on. */
  begin(press: PointerEvent, row: number, drop: (from: number, to: number) => void): void {
    const held = press.target instanceof Element && press.target.closest('button, input, a, select');
    if (press.button !== 0 || press.pointerType === 'touch' || press.ctrlKey || press.metaKey || press.shiftKey || held) return;
    const stop = new AbortController();
    const { signal } = stop;
    const end = (): void => {
      stop.abort();
      cancelAnimationFrame(this.#frame);
      this.from = undefined;
    };
    addEventListener('pointermove', (event) => {
      if (this.from === undefined && Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) < click) return;
      this.#y = event.clientY;
      if (this.from !== undefined) return;
      this.from = row;
      this.#follow();
    }, { signal });
    addEventListener('pointerup', (event) => {
      // Where the hand is, not where it was at the last frame: a slow machine draws few of them.
      this.#at(event.clientY);
      const { from, to } = this;
      end();
      if (from === undefined) return;
      // The click that follows is not one on the row.
      addEventListener('click', (event) => event.stopPropagation(), { capture: true, once: true });
      setTimeout(() => drop(from, to), 0);
    }, { signal });
    addEventListener('pointercancel', end, { signal });
    addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.from === undefined) return;
      event.stopPropagation();
      event.preventDefault();
      end();
    }, { signal, capture: true });
  }

  #at(y: number): void {
    this.to = this.rows.gap(y - this.rows.area().top);
  }

  #follow(): void {
    const area = this.rows.area();
    if (this.#y < area.top + edge) this.rows.scroll(this.#y - area.top - edge);
    else if (this.#y > area.bottom - edge) this.rows.scroll(this.#y - area.bottom + edge);
    this.#at(this.#y);
    this.#frame = requestAnimationFrame(() => this.#follow());
  }
}
