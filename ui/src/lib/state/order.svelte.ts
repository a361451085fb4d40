/** The load order of a profile: shown as moved at once, sent when the hand rests, true again when the service refuses. */
import { emptyChange, type LoadOrder, type OrderStep, type PackageKey } from '$lib/api/api';
import { coded, t } from '$lib/i18n/i18n.svelte';
import { attempt, type Named } from './actions';
import { api } from './bridge';
import { over } from './jobs';
import { notices } from './notices.svelte';
import { against, keyOf, moved, sameOrder, settled, wishOf, type OrderWish } from './order';
import { Resource } from './resource.svelte';

/** Moves of the same packages within this time (ms) are one change. */
const rest = 400;

/** Moves that will be sent as one change. */
interface Burst {
  chosen: string;
  wanted: string[];
  /** How often it was changed. */
  touches: number;
}

export class OrderState {
  answer = new Resource<LoadOrder>();
  #wanted = $state.raw<string[] | undefined>(undefined);
  #burst: Burst | undefined;
  #before: Promise<unknown> = Promise.resolve();
  #profile: string | undefined;

  #known = $derived.by((): Map<string, PackageKey & { title: string }> => new Map(this.answer.data?.packages.map((one) => [keyOf(one), one])));
  /** Keys, the first to load first; nothing while the service has not said. */
  sequence = $derived.by((): string[] | undefined => this.#wanted ?? this.answer.data?.packages.map(keyOf));
  wishes = $derived.by((): OrderWish[] => (this.answer.data?.wishes ?? []).map(wishOf));
  cycles = $derived.by((): OrderStep[][] => this.answer.data?.cycles ?? []);
  /** Keys that were moved and not confirmed yet. */
  #moving = $state.raw<ReadonlySet<string>>(new Set());

  show(profile: string | undefined): void {
    if (profile !== this.#profile) {
      this.#profile = profile;
      this.answer.clear();
      this.#burst = undefined;
      this.#forget();
    }
    void this.reload();
  }

  async reload(): Promise<void> {
    const profile = this.#profile;
    if (profile !== undefined) await this.answer.load((signal) => api().call('load-order', { path: { profile } }, signal));
  }

  titleOf(key: string): string {
    return this.#known.get(key)?.title ?? key;
  }

  /** What is said about the place of one package. */
  wishesOf(key: string): OrderWish[] {
    return this.wishes.filter(({ earlier, later }) => earlier === key || later === key);
  }

  /** One wish as a sentence. */
  sentence({ earlier, later, reason }: OrderWish): string {
    const values = { earlier: this.titleOf(earlier), later: this.titleOf(later) };
    return coded('order', reason.replace(/^order-/, ''), values) ?? t('order-before', values);
  }

  isMoving(key: string): boolean {
    return this.#moving.has(key);
  }

  /** Moves packages before the one that is at `to` now. Says why where an author's wish is stronger. */
  move(packages: Named[], to: number): void {
    const chosen = new Set(packages.map(keyOf));
    const raw = moved(this.sequence ?? [], chosen, to);
    this.explain(raw, chosen);
    this.put(packages, settled(raw, this.wishes));
  }

  /** Makes this the order; `packages` are those that it is about, `ended` is said when it is done. */
  put(packages: Named[], wanted: string[], ended?: string): void {
    const now = this.sequence;
    if (now === undefined || sameOrder(wanted, now)) return;
    this.#wanted = wanted;
    this.#moving = new Set([...this.#moving, ...packages.map(keyOf)]);
    const chosen = packages.map(keyOf).join('\n');
    if (this.#burst?.chosen === chosen) {
      Object.assign(this.#burst, { wanted, touches: this.#burst.touches + 1 });
      return;
    }
    const burst: Burst = { chosen, wanted, touches: 0 };
    this.#burst = burst;
    this.#before = this.#send(burst, this.#before, ended ?? t('done-moved', { title: packages[0]?.title ?? '', count: packages.length }));
  }

  /** Says the first wish that an order goes against. */
  explain(wanted: string[], chosen: ReadonlySet<string>): void {
    const [first] = against(wanted, chosen, this.wishes);
    if (first === undefined) return;
    const values = { earlier: this.titleOf(first.earlier), later: this.titleOf(first.later), why: this.sentence(first) };
    const comes = chosen.has(first.later) && !sameOrder(settled(wanted, this.wishes), this.sequence ?? []);
    notices.say(comes ? t('order-comes-along', values) : chosen.has(first.later) ? t('order-stays-behind', values) : t('order-stays-before', values));
  }

  async #send(burst: Burst, before: Promise<unknown>, ended: string): Promise<void> {
    const profile = this.#profile;
    const call = async () => {
      await before;
      let seen: number;
      do {
        seen = burst.touches;
        await new Promise((resolve) => setTimeout(resolve, rest));
      } while (seen !== burst.touches);
      if (this.#burst === burst) this.#burst = undefined;
      const order = burst.wanted.map((key) => this.#known.get(key)).filter((one) => one !== undefined);
      const body = { ...emptyChange, ...(profile !== undefined && { profile }), order: order.map(({ source, id }) => ({ source, id })) };
      return api().call('change', { body });
    };
    const changed = await attempt(call, ended, { ended });
    if (changed?.job !== undefined) await over(changed.job);
    if (profile !== this.#profile) return;
    await this.reload();
    if (this.#burst === undefined && (changed === undefined || this.#wanted === burst.wanted)) this.#forget();
  }

  #forget(): void {
    this.#wanted = undefined;
    this.#moving = new Set();
  }
}
