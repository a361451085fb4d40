/** Files of a profile that are not as the packages brought them: what was changed by hand, and what a check found. */
import type { Drift, FileTexts, Keeping, VerifyReport } from '$lib/api/api';
import { api } from './bridge';
import { over } from './jobs';
import { decideDrift, repairFiles } from './lifecycle';
import { live } from './live.svelte';
import { Resource } from './resource.svelte';

/** In the order in which they need somebody. */
export const fileStates = ['undecided', 'conflict', 'missing', 'damaged', 'changed', 'both', 'mine', 'edited'] as const;
export type FileState = (typeof fileStates)[number];

export interface FileRow {
  place: string;
  /** The hash, for an archive. */
  path: string;
  package: string;
  state: FileState;
  /** What was decided. */
  keep?: Keeping;
}

export const fileKey = ({ place, path }: Pick<FileRow, 'place' | 'path'>): string => `${place} ${path}`;

export const canDecide = ({ state }: FileRow): boolean => ['undecided', 'conflict', 'both', 'mine'].includes(state);

/** Each file once: what is known of the player's decisions goes before what a check says. */
export function fileRows(drift: Drift | undefined, report: VerifyReport | undefined): FileRow[] {
  const rows = new Map<string, FileRow>();
  const add = (row: FileRow): void => {
    const known = rows.get(fileKey(row));
    rows.set(fileKey(row), known === undefined ? row : { ...known, package: known.package || row.package });
  };
  for (const { place, path, keep, conflict } of drift?.own ?? []) add({ place, path, package: '', keep, state: conflict ? 'conflict' : keep === 'mine' ? 'mine' : 'both' });
  for (const file of drift?.undecided ?? []) add({ ...file, state: 'undecided' });
  for (const file of drift?.missing ?? []) add({ ...file, state: 'missing' });
  for (const state of ['changed', 'missing', 'edited'] as const) for (const file of report?.[state] ?? []) add({ ...file, state });
  for (const path of report?.damaged_archives ?? []) add({ place: '', path, package: '', state: 'damaged' });
  const rank = new Map(fileStates.map((state, index) => [state, index]));
  return [...rows.values()].sort((a, b) => (rank.get(a.state) ?? 0) - (rank.get(b.state) ?? 0) || (a.path < b.path ? -1 : 1));
}

/** Whether repairing would do anything. */
export function needsRepair(report: VerifyReport): boolean {
  return report.changed.length + report.missing.length + report.damaged_archives.length > 0;
}

class FilesState {
  drift = new Resource<Drift>();
  report = new Resource<VerifyReport>();
  repairing = $state(false);
  /** The file whose versions are looked at, and these. */
  compared = $state.raw<FileRow | undefined>(undefined);
  texts = new Resource<FileTexts>();
  focus = $state(0);
  selection = $state.raw<ReadonlySet<string>>(new Set());
  /** A change of ours is about to be told: the check is then made again, not forgotten. */
  #ours = false;
  #id: string | undefined;

  rows = $derived.by((): FileRow[] => fileRows(this.drift.data, this.report.data));
  selected = $derived.by((): FileRow[] => this.rows.filter((row) => this.selection.has(fileKey(row))));

  show(id: string | undefined): void {
    if (id !== this.#id) {
      this.#id = id;
      this.drift.clear();
      this.report.clear();
      this.compare(undefined);
      this.repairing = false;
      this.selection = new Set();
      this.focus = 0;
    }
    this.reload();
  }

  reload(): void {
    const profile = this.#id;
    if (profile !== undefined) void this.drift.load((signal) => api().call('drift', { path: { profile } }, signal));
  }

  /** What a check found is true until the profile changes. */
  watch(): () => void {
    return live.watch((event) => {
      const mine = event.topic === 'profile-changed' && event.data.profile === this.#id;
      if (!mine && event.topic !== 'snapshot') return;
      this.reload();
      if (!mine) return;
      if (this.compared !== undefined) this.compare(this.compared);
      if (this.report.loading || (this.#ours && this.report.data !== undefined)) this.check();
      else this.report.clear();
      this.#ours = false;
    });
  }

  check(): void {
    const profile = this.#id;
    if (profile !== undefined) void this.report.load((signal) => api().call('verify', { path: { profile } }, signal));
  }

  async repair(): Promise<void> {
    const profile = this.#id;
    if (profile === undefined || this.repairing) return;
    this.repairing = true;
    this.#ours = true;
    const changed = await repairFiles(profile);
    if (changed?.job !== undefined) await over(changed.job);
    this.repairing = false;
    if (changed !== undefined && profile === this.#id) this.check();
  }

  /** Looks at the versions of one file, or back at the list. */
  compare(row: FileRow | undefined): void {
    const profile = this.#id;
    if (row === undefined || this.compared === undefined || fileKey(row) !== fileKey(this.compared)) this.texts.clear();
    this.compared = row;
    if (row === undefined || profile === undefined) return;
    const body = { place: row.place, path: row.path };
    void this.texts.load((signal) => api().call('compare-texts', { path: { profile }, body }, signal));
  }

  async decide(rows: FileRow[], keep: Keeping): Promise<void> {
    const files = rows.filter((row) => canDecide(row) && row.keep !== keep).map(({ place, path }) => ({ place, path }));
    if (this.#id === undefined || files.length === 0) return;
    this.#ours = true;
    await decideDrift(this.#id, { keep, files });
    this.selection = new Set();
  }
}

export const filesState = new FilesState();
