/** How ripe releases have to be, of a profile or of one package in it: chosen, looked at, then agreed to. */
import { emptyChange, type ChangeRequest, type Follow, type PackageKey, type PlanPreview, type ReleaseChannel } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { Resource } from './resource.svelte';

export const channels: readonly ReleaseChannel[] = ['stable', 'beta', 'dev'];

/** What is to get another channel: a package, or the profile where none is named. */
export interface ChannelOf {
  profile: string;
  /** Of the package or the profile, for people. */
  title: string;
  target?: PackageKey;
  /** Absent means that of the profile. */
  channel?: ReleaseChannel | undefined;
}

/** The change that a choice is; `moves` brings what is newer in it along. */
export function requestOf({ profile, target, channel }: ChannelOf, moves: boolean): ChangeRequest {
  if (target === undefined) return { ...emptyChange, profile, channel: channel ?? 'stable', update_all: moves };
  const key = { source: target.source, id: target.id };
  const follow: Follow = { ...key, ...(channel !== undefined && { channel }) };
  return { ...emptyChange, profile, channels: [follow], update: moves ? [key] : [] };
}

class ChannelsState {
  /** What is looked at before it is agreed to. */
  asked = $state.raw<ChannelOf | undefined>(undefined);
  moves = $state(true);
  busy = $state(false);
  plan = new Resource<PlanPreview>();

  ask(asked: ChannelOf): void {
    this.asked = asked;
    this.moves = true;
    this.plan.clear();
    this.look();
  }

  look(): void {
    const { asked } = this;
    if (asked === undefined) return;
    void this.plan.load((signal) => api().call('plan', { body: requestOf(asked, true) }, signal));
  }

  close(): void {
    this.asked = undefined;
    this.plan.clear();
  }

  async agree(): Promise<void> {
    const { asked, plan } = this;
    if (asked === undefined || this.busy) return;
    this.busy = true;
    // Where nothing is newer yet, the choice itself is kept.
    const moves = this.moves && (plan.data?.items.length ?? 0) > 0;
    const agreed = moves && plan.data !== undefined ? { agreed: plan.data.digest } : {};
    const changed = await attempt(() => api().call('change', { body: { ...requestOf(asked, moves), ...agreed } }), t('channel-done', { title: asked.title }));
    this.busy = false;
    if (changed !== undefined) this.close();
  }
}

export const channelsState = new ChannelsState();
