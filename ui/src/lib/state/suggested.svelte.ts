/**
 * What sources feature and what trends, above a list that nobody asked anything of yet. The rows are decided when the
 * place is entered: nothing comes or goes above the list while somebody reaches for it.
 */
import type { PackageRow } from '$lib/api/api';
import { api } from './bridge';

export type Kind = 'featured' | 'trending';
export type Suggestions = Record<Kind, PackageRow[]>;

/** Most packages of one row. */
const most = 12;
/** How long a list waits for its suggestions (ms); what comes later is shown at the next visit. */
const grace = 120;
const nothing: Suggestions = { featured: [], trending: [] };

/** What is worth suggesting: not what the profile has, or cannot have, or what somebody advises against. */
export function worthwhile(kind: Kind, rows: PackageRow[]): PackageRow[] {
  const said = (row: PackageRow): boolean => (kind === 'featured' ? row.featured !== undefined : row.trend !== undefined);
  return rows.filter((row) => said(row) && row.status.state === 'absent' && (row.advice ?? []).length === 0);
}

/** Newer suggestions in the rows that are there; an empty row is not made and none vanishes. */
export function inPlace(shown: Suggestions, next: Suggestions): Suggestions {
  const row = (kind: Kind): PackageRow[] => (shown[kind].length > 0 && next[kind].length > 0 ? next[kind] : shown[kind]);
  return { featured: row('featured'), trending: row('trending') };
}

class Suggested {
  rows = $state.raw<Suggestions>(nothing);
  /** Whether the list below may be shown. */
  settled = $state(false);
  #next: Suggestions = nothing;
  #asked = 0;
  #of = '';
  #ahead: { profile: string | undefined; next: Promise<Suggestions | undefined> } | undefined;

  get isEmpty(): boolean {
    return this.rows.featured.length === 0 && this.rows.trending.length === 0;
  }

  /** The place is entered, or its query was cleared: `of` names the profile that the rows are for. */
  enter(of: string, profile: string | undefined): void {
    if (of !== this.#of) {
      this.#of = of;
      this.#next = nothing;
      this.settled = false;
    }
    this.rows = this.#next;
    if (!this.settled) setTimeout(() => (this.settled = true), grace);
    void this.ask(profile);
  }

  /** Asks before the place is entered, for the profile that it will most likely be for. */
  ahead(profile: string | undefined): void {
    this.#ahead = { profile, next: this.#fetch(profile).catch(() => undefined) };
  }

  /** Asks anew, for rows that are shown already. */
  async ask(profile: string | undefined): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const ahead = this.#ahead?.profile === profile ? this.#ahead : undefined;
    this.#ahead = undefined;
    // The list says what is wrong where the service does not answer; it stands without suggestions.
    const next = (ahead && (await ahead.next)) ?? (await this.#fetch(profile).catch(() => nothing));
    if (asked !== this.#asked) return;
    this.#next = next;
    this.rows = this.settled ? inPlace(this.rows, this.#next) : this.#next;
    this.settled = true;
  }

  async #fetch(profile: string | undefined): Promise<Suggestions> {
    const ask = async (kind: Kind): Promise<PackageRow[]> => {
      const which = kind === 'featured' ? ({ q: 'is:featured', sort: 'relevance' } as const) : ({ q: '', sort: 'trending' } as const);
      const page = await api().call('search', { query: { ...which, ...(profile !== undefined && { profile }), offset: 0, limit: 2 * most } });
      return worthwhile(kind, page.rows).slice(0, most);
    };
    const [featured, trending] = await Promise.all([ask('featured'), ask('trending')]);
    return { featured, trending };
  }
}

export const suggested = new Suggested();
