/** Snapshots of the saves of a profile's game: taken by hand or before large changes, brought back, let go. */
import { toApiError, type Reason, type SaveName, type Saves, type SavesRulesPatch, type SavesSnapshot, type SavesWhen } from '$lib/api/api';
import { exactTime } from '$lib/i18n/format';
import { coded, t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { live } from './live.svelte';
import { notices, type WayBack } from './notices.svelte';
import { causeText, problemText } from './problems';
import { Resource } from './resource.svelte';

const before = 'before-';

/** Why a snapshot was taken: by hand, or before which change. */
export function snapshotReason({ code, context }: Reason): string {
  if (code === 'before-restore' || !code.startsWith(before)) return coded('cause', code, context) ?? t('cause-unnamed', { code });
  return t('saves-before', { cause: causeText({ code: code.slice(before.length), ...(context && { context }) }) });
}

export const snapshotText = ({ number, at }: SavesSnapshot): string => t('saves-snapshot', { number, when: exactTime(at) });

/** How many snapshots would go at once under other rules; the newest always stays. Rules by bytes are the service's to judge. */
export function goesUnder({ snapshots }: Pick<Saves, 'snapshots'>, { keep }: Pick<SavesRulesPatch, 'keep'>): number {
  return keep === undefined ? 0 : Math.max(0, snapshots.length - Math.max(1, keep));
}

/** Some of the snapshots would not fit any more. */
export function isTooTight({ used, snapshots }: Pick<Saves, 'used' | 'snapshots'>, { quota }: Pick<SavesRulesPatch, 'quota'>): boolean {
  return quota !== undefined && snapshots.length > 1 && used > quota;
}

export const saveKey = ({ kind, name }: SaveName): string => `${kind} ${name}`;

class SavesState {
  saves = new Resource<Saves>();
  focus = $state(0);
  /** The form of the rules is open. */
  ruling = $state(false);
  asked = $state.raw<SavesSnapshot | undefined>(undefined);
  /** A call is on its way that reads or writes saves. */
  busy = $state<'snapshot' | 'restore' | 'free' | undefined>(undefined);
  #id: string | undefined;

  rows = $derived.by((): SavesSnapshot[] => this.saves.data?.snapshots ?? []);

  show(id: string): void {
    if (id !== this.#id) {
      this.#id = id;
      this.saves.clear();
      this.ruling = false;
      this.asked = undefined;
      this.focus = 0;
    }
    this.reload();
  }

  reload(): void {
    const profile = this.#id;
    if (profile !== undefined) void this.saves.load((signal) => api().call('saves', { path: { profile } }, signal));
  }

  /** A change of any profile of the game may have taken a snapshot first. */
  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'profile-changed' || event.topic === 'snapshot') this.reload();
    });
  }

  async setWhen(when: SavesWhen): Promise<void> {
    const [profile, was] = [this.#id, this.saves.data?.when];
    if (profile === undefined || was === when) return;
    await this.#rule({ when }, t(when === 'off' ? 'done-saves-off' : 'done-saves-on'), was && { when: was });
  }

  /** What goes under the new rules is gone; only what takes nothing away can be taken back. */
  async setBounds(bounds: Required<Pick<SavesRulesPatch, 'quota' | 'keep'>>): Promise<void> {
    const saves = this.saves.data;
    if (saves === undefined) return;
    const loses = goesUnder(saves, bounds) > 0 || isTooTight(saves, bounds);
    await this.#rule(bounds, t('done-saves-rules'), loses ? undefined : { quota: saves.quota, keep: saves.keep });
    this.ruling = false;
  }

  async snapshot(): Promise<void> {
    const newest = this.rows[0]?.number;
    await this.#run('snapshot', async (profile) => {
      const { created } = await api().call('snapshot-saves', { path: { profile } });
      const number = Number(created);
      return { said: t(number === newest ? 'done-saves-same' : 'done-saves-taken', { number }) };
    });
    this.focus = 0;
  }

  /** Brings saves back; those that were there are in a snapshot of their own, which is the way back. */
  async bringBack(snapshot: SavesSnapshot, chosen: readonly SaveName[]): Promise<void> {
    const restore = (profile: string, number: string, saves: string[]) =>
      api().call('restore-saves', { path: { profile, snapshot: number }, body: { saves } });
    const names = [...new Set(chosen.map(({ name }) => name))];
    await this.#run('restore', async (profile) => {
      const { created } = await restore(profile, String(snapshot.number), names);
      if (created === undefined) return { said: t('done-saves-back-anew') };
      const back = async () => {
        const changed = await restore(profile, created, names);
        this.reload();
        return changed;
      };
      return { said: t('done-saves-back', { number: Number(created) }), back };
    });
  }

  async letGo(): Promise<void> {
    const snapshot = this.asked;
    if (snapshot === undefined) return;
    await this.#run('free', async (profile) => {
      await api().call('free-saves', { path: { profile, snapshot: String(snapshot.number) } });
      return { said: t('done-saves-gone', { number: snapshot.number }) };
    });
    this.asked = undefined;
  }

  async #rule(body: SavesRulesPatch, said: string, was: SavesRulesPatch | undefined): Promise<void> {
    const profile = this.#id;
    if (profile === undefined) return;
    const patch = (to: SavesRulesPatch) => api().call('set-saves-rules', { path: { profile }, body: to }).finally(() => this.reload());
    await attempt(() => patch(body), said, was === undefined ? {} : { back: () => patch(was) });
  }

  async #run(busy: NonNullable<SavesState['busy']>, work: (profile: string) => Promise<{ said: string; back?: WayBack }>): Promise<void> {
    const profile = this.#id;
    if (profile === undefined || this.busy !== undefined) return;
    this.busy = busy;
    try {
      const { said, back } = await work(profile);
      notices.say(said, back);
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
    }
    this.busy = undefined;
    this.reload();
  }
}

export const savesState = new SavesState();
