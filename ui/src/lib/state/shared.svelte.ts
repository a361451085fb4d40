/** What a profile says to others, and the profiles of others that are followed. */
import { toApiError, type Followed, type SharedText } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { api } from './bridge';
import { live } from './live.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problems';
import { Resource } from './resource.svelte';

/** A newer version than the one that was agreed to last. */
export const hasNews = ({ seen, version }: Pick<Followed, 'seen' | 'version'>): boolean => seen > version;

class SharedState {
  followed = new Resource<Followed[]>();
  text = new Resource<SharedText>();
  /** The profile whose text is shown. */
  shown = $state<string | undefined>(undefined);
  /** The profile about which it is asked whether it shall follow no more. */
  asked = $state.raw<Followed | undefined>(undefined);
  busy = $state(false);

  news = $derived.by((): Followed[] => (this.followed.data ?? []).filter(hasNews));

  of(profile: string): Followed | undefined {
    return this.followed.data?.find((one) => one.profile === profile);
  }

  reload(): void {
    void this.followed.load((signal) => api().call('followed', {}, signal));
  }

  /** News are looked for with the sources; what a profile follows changes with it. */
  watch(): () => void {
    return live.watch((event) => {
      if (['sources', 'profiles', 'profile-changed', 'snapshot'].includes(event.topic)) this.reload();
    });
  }

  /** Shows what a profile would say to others, or nothing of it any more. */
  share(profile: string | undefined): void {
    this.shown = profile;
    this.text.clear();
    if (profile !== undefined) void this.text.load((signal) => api().call('share-profile', { path: { profile } }, signal));
  }

  /** Asks every address; applies nothing. */
  async lookForNews(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    await this.followed.load((signal) => api().call('look-for-news', {}, signal));
    this.busy = false;
    if (this.followed.problem === undefined) notices.say(t('done-looked-for-news', { count: this.news.length }));
  }

  async unfollow(): Promise<void> {
    const followed = this.asked;
    if (followed === undefined || this.busy) return;
    this.busy = true;
    try {
      await api().call('unfollow', { path: { profile: followed.profile } });
      notices.say(t('done-unfollowed', { profile: followed.profile_name, name: followed.name }));
    } catch (thrown) {
      const { problem } = toApiError(thrown);
      notices.fail(problemText(problem), problem);
    }
    this.busy = false;
    this.asked = undefined;
    this.reload();
  }
}

export const sharedState = new SharedState();
