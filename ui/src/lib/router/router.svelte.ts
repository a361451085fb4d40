/** History, the current route, and what a screen looked like when it was left. */
import { parseRoute, routePath, sameScreen, type Route } from './routes';

/** Scroll offset and focused row of a list, kept per history entry. */
export interface ListMemory {
  scroll: number;
  focus: number;
}

interface Entry {
  key: number;
}

/** Where the window was when it was closed; kept on this machine. */
const stored = 'muster-place';

const memories = new Map<string, ListMemory>();

class Router {
  route = $state.raw<Route>({ name: 'browse', game: undefined, q: '', sort: '' });
  /** Changes with each visit of another screen. */
  visit = $state(0);
  /** Whether the last move was Back or Forward. */
  returning = $state(false);
  depth = $state(0);
  #key = 0;

  start(): void {
    this.#key = this.#entry()?.key ?? 0;
    this.depth = this.#key;
    const opened = this.#entry() === null && location.pathname === '/' && location.search === '';
    this.route = parseRoute((opened ? localStorage.getItem(stored) : null) ?? location.pathname + location.search);
    history.replaceState({ key: this.#key } satisfies Entry, '', opened ? routePath(this.route) : undefined);
    window.addEventListener('popstate', () => this.#moved());
  }

  /** Goes to a route as a new history entry. */
  go(route: Route): void {
    const path = routePath(route);
    if (path === location.pathname + location.search) return;
    this.#key += 1;
    this.depth = this.#key;
    history.pushState({ key: this.#key } satisfies Entry, '', path);
    this.#show(route, false);
  }

  /** Changes the address of the current screen (search text, tab, sort) without a new entry. */
  replace(route: Route): void {
    history.replaceState({ key: this.#key } satisfies Entry, '', routePath(route));
    this.#show(route, false);
  }

  back(): void {
    if (this.depth > 0) history.back();
    else this.go({ name: 'browse', game: undefined, q: '', sort: '' });
  }

  forward(): void {
    history.forward();
  }

  remember(list: string, memory: ListMemory): void {
    memories.set(`${this.#key}:${list}`, memory);
  }

  /** What a list looked like in this history entry; only after Back or Forward. */
  recall(list: string): ListMemory | undefined {
    return this.returning ? memories.get(`${this.#key}:${list}`) : undefined;
  }

  #entry(): Entry | null {
    return history.state as Entry | null;
  }

  #moved(): void {
    this.#key = this.#entry()?.key ?? 0;
    this.depth = this.#key;
    this.#show(parseRoute(location.pathname + location.search), true);
  }

  #show(route: Route, returning: boolean): void {
    const other = !sameScreen(this.route, route);
    this.returning = returning;
    this.route = route;
    if (route.name !== 'unknown' && route.name !== 'first-run') localStorage.setItem(stored, routePath(route));
    if (other) this.visit += 1;
  }
}

export const router = new Router();
