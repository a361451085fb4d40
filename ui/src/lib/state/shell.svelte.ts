/** The window's own small state: inspector, dialogs, which list the inspector describes. */
import { tick } from 'svelte';
import type { IncomingFrom, PackageKey } from '$lib/api/api';
import type { MenuItem, OpenMenu } from './menu';

const stored = 'muster-inspector';
export const inspectorMin = 320;
export const inspectorMax = 480;

function storedWidth(): number {
  const value = Number(localStorage.getItem(stored));
  return value >= inspectorMin && value <= inspectorMax ? value : 380;
}

class Shell {
  /** Shown beside the list in wide windows; in narrow ones only when asked for. */
  inspector = $state(true);
  /** In windows too narrow for both, the inspector replaces the list. */
  inspectorOver = $state(false);
  inspectorWidth = $state(storedWidth());
  keys = $state(false);
  palette = $state(false);
  menu = $state.raw<OpenMenu | undefined>(undefined);
  /** Ids of what was done last in the palette, the newest first. */
  recentCommands: string[] = [];
  /** What each key of the window does, by the id in the table. */
  commands: Record<string, () => void> = {};
  /** Shows what a link asks for. */
  openLink: ((link: string) => void) | undefined;
  /** What gets the focus in the place that is gone to, instead of its title. */
  landing: string | undefined;
  /** A sheet about what somebody sent, and how it is called. */
  incoming = $state.raw<{ from: IncomingFrom; name: string } | undefined>(undefined);
  /** The package that a report is written about. */
  report = $state.raw<PackageKey | undefined>(undefined);
  /** An address to look at as a source as soon as the sources are shown; empty asks for one. */
  sourceAddress = $state<string | undefined>(undefined);
  railOpen = $state(false);
  width = $state(typeof innerWidth === 'number' ? innerWidth : 1280);
  /** Focuses the search or filter of the screen. */
  focusFilter: (() => void) | undefined;
  /** Focuses the list of the screen. */
  focusList: (() => void) | undefined;
  /** Said politely by screen readers. */
  polite = $state('');

  beside = $derived(this.width >= 1100);
  narrow = $derived(this.width < 1100);
  small = $derived(this.width < 800);

  get inspectorVisible(): boolean {
    return this.beside ? this.inspector : this.inspectorOver;
  }

  /** Opens the menu of a row where the pointer is, or at the row where keys asked for it. */
  openMenu(event: MouseEvent | KeyboardEvent, from: HTMLElement, label: string, groups: MenuItem[][]): void {
    event.preventDefault();
    if (groups.every((group) => group.length === 0)) return;
    const box = from.getBoundingClientRect();
    // Some engines send the event of the pointer for the Menu key, without a place.
    const pointed = event instanceof MouseEvent && (event.clientX !== 0 || event.clientY !== 0) && event.button === 2;
    const start = document.documentElement.dir === 'rtl' ? box.right - 24 : box.left + 24;
    this.menu = { label, groups, from, ...(pointed ? { x: event.clientX, y: event.clientY } : { x: start, y: box.bottom }) };
  }

  toggleInspector(): void {
    if (this.beside) this.inspector = !this.inspector;
    else this.inspectorOver = !this.inspectorOver;
  }

  /** Goes into a field or a heading of the inspector, at once where it is there: no key that follows may miss it. */
  inspect(id: string): void {
    const focus = (): boolean => {
      const found = document.getElementById(id);
      found?.focus();
      if (found instanceof HTMLInputElement) found.select();
      return found !== null;
    };
    if (this.inspectorVisible && focus()) return;
    if (this.beside) this.inspector = true;
    else this.inspectorOver = true;
    void tick().then(() => setTimeout(focus, 0));
  }

  resizeInspector(width: number): void {
    this.inspectorWidth = Math.round(Math.min(inspectorMax, Math.max(inspectorMin, width)));
    localStorage.setItem(stored, String(this.inspectorWidth));
  }
}

export const shell = new Shell();
