/** Versions of files that Muster set aside: listed, brought back as one change, let go for good. */
import { toApiError, type KeptVersion, type KeptWhy, type PlaceFile } from '$lib/api/api';
import { size } from '$lib/i18n/format';
import { t } from '$lib/i18n/i18n.svelte';
import { api } from './bridge';
import { restoreKept } from './lifecycle';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problems';
import { Resource } from './resource.svelte';

/** What only the player can bring back goes first. */
export const keptReasons: readonly KeptWhy[] = ['replaced', 'found', 'displaced', 'hidden'];

/** By why it was set aside, then by file, the newest version of a file first. */
export function keptRows(versions: readonly KeptVersion[]): KeptVersion[] {
  const rank = ({ why }: KeptVersion): number => keptReasons.indexOf(why);
  const path = ({ file }: KeptVersion): string => (file === undefined ? '' : `${file.place} ${file.path}`);
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...versions].sort((a, b) => rank(a) - rank(b) || compare(path(a), path(b)) || compare(b.modified, a.modified) || compare(a.id, b.id));
}

/** What comes back by itself cannot be let go. */
export const canLetGo = ({ why }: KeptVersion): boolean => why === 'replaced' || why === 'found';

/** Where it was is known, so that it can come back there. */
export const hasPlace = ({ file }: KeptVersion): boolean => file !== undefined;

/** Versions that would take the same place: of each file the first one. */
export function onePerFile(versions: readonly KeptVersion[]): KeptVersion[] {
  const seen = new Set<string>();
  return versions.filter(({ file, id }) => {
    const key = file === undefined ? id : `${file.place} ${file.path}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** A path that a file can be brought back to: below a folder, never out of it. */
export function isPath(path: string): boolean {
  const parts = path.split('/');
  return path !== '' && !path.includes('\\') && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

export const bytesOf = (versions: readonly KeptVersion[]): number => versions.reduce((sum, version) => sum + version.size, 0);

/** Name of the file, or of the version where its file is not known. */
export const nameOf = ({ file, sha256 }: KeptVersion): string => file?.path.split('/').at(-1) ?? sha256.slice(0, 12);

class KeptState {
  versions = new Resource<KeptVersion[]>();
  focus = $state(0);
  selection = $state.raw<ReadonlySet<string>>(new Set());
  /** Versions about which it is asked whether they shall go. */
  asked = $state.raw<KeptVersion[] | undefined>(undefined);
  freeing = $state(false);
  #id: string | undefined;

  rows = $derived.by((): KeptVersion[] => keptRows(this.versions.data ?? []));
  selected = $derived.by((): KeptVersion[] => this.rows.filter(({ id }) => this.selection.has(id)));

  show(id: string): void {
    if (id !== this.#id) {
      this.#id = id;
      this.versions.clear();
      this.selection = new Set();
      this.asked = undefined;
      this.focus = 0;
    }
    this.reload();
  }

  reload(): void {
    const profile = this.#id;
    if (profile !== undefined) void this.versions.load((signal) => api().call('kept', { path: { profile } }, signal));
  }

  /** Any profile may have set something aside in these folders. */
  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'profile-changed' || event.topic === 'snapshot') this.reload();
    });
  }

  /** Brings versions back where they were, or the only one to another place. */
  async bringBack(versions: readonly KeptVersion[], to?: PlaceFile): Promise<void> {
    const wanted = to === undefined ? onePerFile(versions.filter(hasPlace)) : versions.slice(0, 1);
    const [first] = wanted;
    if (this.#id === undefined || first === undefined) return;
    this.selection = new Set();
    await restoreKept(this.#id, wanted.map(({ id }) => id), to?.path ?? first.file?.path ?? '', to);
  }

  ask(versions: readonly KeptVersion[]): void {
    const goes = versions.filter(canLetGo);
    if (goes.length > 0) this.asked = goes;
  }

  /** Lets go what was asked about. */
  async letGo(): Promise<void> {
    const [profile, goes] = [this.#id, this.asked];
    if (profile === undefined || goes === undefined || this.freeing) return;
    this.freeing = true;
    try {
      const freed = await api().call('free-kept', { path: { profile }, body: { ids: goes.map(({ id }) => id) } });
      notices.say(t('done-let-go', { count: freed.versions, size: size(freed.bytes) }));
      this.selection = new Set();
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
    }
    this.freeing = false;
    this.asked = undefined;
    this.reload();
  }
}

export const keptState = new KeptState();
