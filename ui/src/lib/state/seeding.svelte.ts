/** What is kept and given to others, why it is or is not, and making room. */
import { toApiError, type Consider, type Limits, type MachineState, type PauseRequest, type RoomPlan, type RoomRequest, type Seed, type SeedAction, type Settings, type SettingsPatch } from '$lib/api/api';
import { size } from '$lib/i18n/format';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problems';
import { Resource } from './resource.svelte';

export const diskShares = ['pinned', 'used', 'soon'] as const;
export type DiskShare = (typeof diskShares)[number];

/** Pinned, used by something, or kept for now only. */
export function shareOf({ pinned, kept }: Pick<Seed, 'pinned' | 'kept'>): DiskShare {
  if (pinned) return 'pinned';
  return kept[0] === undefined || kept[0].code === 'kept-for-now' ? 'soon' : 'used';
}

/** Bytes by what keeps them, and what is free of the quota. */
export function diskSplit(seeds: readonly Seed[], quota: number): Record<DiskShare | 'free', number> {
  const split = { pinned: 0, used: 0, soon: 0, free: 0 };
  for (const seed of seeds) split[shareOf(seed)] += seed.size;
  return { ...split, free: Math.max(0, quota - split.pinned - split.used - split.soon) };
}

/** What gives most first; among those that gave nothing, the larger. */
export function seedRows(seeds: readonly Seed[]): Seed[] {
  return [...seeds].sort((a, b) => b.given - a.given || b.size - a.size || (a.name < b.name ? -1 : 1));
}

export const ruleNames = ['playing', 'battery', 'metered', 'vpn', 'away'] as const;
export type RuleName = (typeof ruleNames)[number];

export interface Rule {
  name: RuleName;
  on: boolean;
  /** What it looks at is so right now; unknown where nobody can tell. */
  applies: boolean | undefined;
  /** What switches it over. */
  patch: SettingsPatch;
}

/** The rules that hold sharing back, and whether each one does now. */
export function rulesOf(settings: Settings, machine: MachineState): Rule[] {
  const consider = (name: 'battery' | 'metered' | 'vpn', now: Consider): Rule => {
    const on = now !== 'allow';
    return { name, on, applies: machine[name], patch: { [`on_${name}`]: on ? 'allow' : 'pause' } as SettingsPatch };
  };
  return [
    { name: 'playing', on: !settings.upload_while_playing, applies: machine.playing, patch: { upload_while_playing: !settings.upload_while_playing } },
    consider('battery', settings.on_battery),
    consider('metered', settings.on_metered),
    consider('vpn', settings.on_vpn),
    { name: 'away', on: settings.share_when_away, applies: machine.away === undefined ? undefined : !machine.away, patch: { share_when_away: !settings.share_when_away } },
  ];
}

/** The service tells of seeds with its status only, four times a second at most; this often (ms) they are asked for. */
const often = 2_000;

class SeedingState {
  seeds = new Resource<Seed[]>();
  limits = new Resource<Limits>();
  plan = new Resource<RoomPlan>();
  /** What shall go, while the question about it is open. */
  room = $state.raw<RoomRequest | undefined>(undefined);
  focus = $state(0);
  busy = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  rows = $derived.by((): Seed[] => seedRows(this.seeds.data ?? []));

  reload(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.seeds.load((signal) => api().call('seeds', {}, signal));
    void this.limits.load((signal) => api().call('limits', {}, signal));
  }

  watch(): () => void {
    const stop = live.watch((event) => {
      if (event.topic === 'snapshot' || event.topic === 'settings') this.reload();
      else if (event.topic === 'status') this.#timer ??= setTimeout(() => this.reload(), often);
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  async command(action: SeedAction, seed: Seed): Promise<void> {
    const back: Record<SeedAction, SeedAction> = { pin: 'unpin', unpin: 'pin', pause: 'resume', resume: 'pause' };
    const said: Record<SeedAction, string> = {
      pin: t('done-pinned', { name: seed.name }), unpin: t('done-unpinned', { name: seed.name }), pause: t('done-seed-paused', { name: seed.name }), resume: t('done-seed-resumed', { name: seed.name }),
    };
    const call = (wanted: SeedAction) => api().call('command-seeds', { body: { action: wanted, sha256: seed.sha256 } }).finally(() => this.reload());
    await attempt(() => call(action), said[action], { back: () => call(back[action]) });
  }

  /** Stops every byte, downloads too. */
  async pause(body: PauseRequest): Promise<void> {
    const resume = () => api().call('resume').finally(() => this.reload());
    await attempt(() => api().call('pause', { body }).finally(() => this.reload()), t('done-paused-all'), { back: resume });
  }

  async resume(): Promise<void> {
    await attempt(() => api().call('resume').finally(() => this.reload()), t('done-resumed-all'));
  }

  /** Looks what would go; nothing does. */
  ask(room: RoomRequest | undefined): void {
    this.room = room;
    this.plan.clear();
    if (room !== undefined) void this.plan.load((signal) => api().call('plan-room', { body: room }, signal));
  }

  async makeRoom(): Promise<void> {
    const body = this.room;
    if (body === undefined || this.busy) return;
    this.busy = true;
    try {
      const { freed } = await api().call('make-room', { body });
      notices.say(t('done-freed', { size: size(freed) }));
      this.ask(undefined);
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
    }
    this.busy = false;
    this.reload();
  }
}

export const seedingState = new SeedingState();
