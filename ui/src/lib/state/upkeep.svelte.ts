/** How far updates go by themselves: by profile, and for packages that are subscribed to. */
import { toApiError, type PackageKey, type SubscriptionEntry, type UpdatePolicy, type Upkeep, type UpkeepPatch } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { api } from './bridge';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problems';
import { Resource } from './resource.svelte';

export const policies: UpdatePolicy[] = ['off', 'fetch', 'apply'];

class UpkeepState {
  all = new Resource<Upkeep[]>();

  of(profile: string | undefined): Upkeep | undefined {
    return this.all.data?.find((one) => one.profile === profile);
  }

  subscription(profile: string | undefined, { source, id }: PackageKey): SubscriptionEntry | undefined {
    return this.of(profile)?.subscriptions.find((one) => one.source === source && one.id === id);
  }

  reload(): void {
    void this.all.load((signal) => api().call('upkeep', {}, signal));
  }

  /** What the service finds out by itself is told as a change of the profile. */
  watch(): () => void {
    return live.watch((event) => {
      if (['profiles', 'profile-changed', 'snapshot'].includes(event.topic)) this.reload();
    });
  }

  async setPolicy(profile: string, policy: UpdatePolicy): Promise<void> {
    await this.change(profile, { policy });
  }

  async subscribe(profile: string, target: PackageKey & { title: string }, policy: UpdatePolicy): Promise<void> {
    const { source, id, title } = target;
    const done = await this.change(profile, { subscribe: [{ source, id, policy }] });
    if (done) notices.say(t(policy === 'off' ? 'done-unsubscribed' : 'done-subscribed', { title }));
  }

  private async change(profile: string, body: UpkeepPatch): Promise<boolean> {
    try {
      await api().call('set-upkeep', { path: { profile }, body });
      return true;
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
      return false;
    } finally {
      this.reload();
    }
  }
}

export const upkeepState = new UpkeepState();
