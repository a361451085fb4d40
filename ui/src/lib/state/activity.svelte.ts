/** Everything that the service did, newest first: its jobs, and the states of profiles that older ones left. */
import type { Job, Problem, ProfileDetail, Settings, Source, Status } from '$lib/api/api';
import { exactTime } from '$lib/i18n/format';
import { t } from '$lib/i18n/i18n.svelte';
import type { MessageId } from '$lib/i18n/ids';
import { api } from './bridge';
import { foundGames, type Known as FoundGame } from './found-games.svelte';
import { isOver } from './jobs';
import { live } from './live.svelte';
import { causeText, problemDetails, problemText } from './problems';
import { Resource } from './resource.svelte';

export const activityKinds = ['all', 'packages', 'files', 'sources'] as const;
export type ActivityKind = (typeof activityKinds)[number];

export interface Activity {
  id: string;
  /** RFC 3339. */
  at: string;
  kind: Exclude<ActivityKind, 'all'>;
  text: string;
  profile?: { id: string; name: string; game: string } | undefined;
  /** The state of the profile that it made. */
  generation?: number | undefined;
  job?: Job;
  problem?: Problem | undefined;
}

type Known = Pick<ProfileDetail, 'id' | 'name' | 'game' | 'generations'>;

const kindOf = (job: Job): Activity['kind'] => (job.kind === 'sync' || job.kind === 'look' ? 'sources' : job.kind === 'repair' ? 'files' : 'packages');
const filesCauses = ['repair', 'keep-mine', 'keep-theirs', 'keep-both', 'bring-back', 'vanilla', 'activate'];

/** Jobs, the states that no job of this list made, and games that were found. */
export function activities(jobs: readonly Job[], profiles: readonly Known[], games: readonly FoundGame[] = []): Activity[] {
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  const made = new Set(jobs.flatMap(({ profile, generation }) => (generation === undefined ? [] : [`${profile} ${generation}`])));
  const ofJobs = jobs.map((job): Activity => ({
    id: job.id, at: job.updated, kind: kindOf(job), job, problem: job.problem, generation: job.generation, profile: job.profile === undefined ? undefined : byId.get(job.profile),
    text: job.subjects.length === 0 ? t(`job-kind-${job.kind}` as MessageId) : `${t(`job-kind-${job.kind}` as MessageId)}: ${job.subjects.join(', ')}`,
  }));
  const ofStates = profiles.flatMap((profile) => profile.generations.flatMap(({ number, at, cause }): Activity[] => (number === 0 || made.has(`${profile.id} ${number}`) ? [] : [{
    id: `${profile.id} ${number}`, at, kind: filesCauses.includes(cause.code) ? 'files' : 'packages', text: causeText(cause), profile, generation: number,
  }])));
  const ofGames = games.flatMap(({ id, said }): Activity[] => (said === undefined ? [] : [{ id: `game ${id}`, at: said.at, kind: 'sources', text: t('found-game', { game: said.title, sources: said.sources }) }]));
  return [...ofJobs, ...ofStates, ...ofGames].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

export interface ActivityFilter {
  kind: ActivityKind;
  problems: boolean;
  /** Absent means every game. */
  game?: string | undefined;
}

export function filtered(all: readonly Activity[], { kind, problems, game }: ActivityFilter): Activity[] {
  return all.filter((one) => (kind === 'all' || one.kind === kind) && (!problems || one.problem !== undefined) && (game === undefined || one.profile?.game === game));
}

/** Takes the names of people out of paths, and everything but the host out of addresses. */
export function redacted(text: string): string {
  return text
    .replace(/([/\\](?:home|users)[/\\])[^/\\\s"']+/gi, '$1…')
    .replace(/\b(https?:\/\/)(?:[^/\s@"']*@)?([^/\s"'?#]+)[^\s"']*/gi, '$1$2/…');
}

export interface ReportFacts {
  status: Status | undefined;
  settings: Settings | undefined;
  sources: readonly Source[];
  jobs: readonly Job[];
  /** RFC 3339. */
  at: string;
  /** The engine that draws the window. */
  agent: string;
}

/** What can be sent with a report: versions, states, and what failed, without names and addresses. */
export function diagnostics({ status, settings, sources, jobs, at, agent }: ReportFacts): string {
  const lines = [`Muster ${status?.version.program ?? '?'} (${status?.version.build ?? '?'})`, exactTime(at), agent, `state: ${status?.state ?? '?'}`, ...(status?.reasons ?? []).map(({ code }) => `held back: ${code}`)];
  lines.push(`packages: ${status?.packages ?? '?'}`, `sharing: ${settings?.sharing ?? '?'}`, `offline: ${settings?.offline === true}`, '');
  for (const source of sources) lines.push(`source: ${source.kind}, ${source.enabled ? source.state : 'off'}${source.problem ? `, ${source.problem.code} trace ${source.problem.trace}` : ''}`);
  for (const job of jobs.filter(({ problem }) => problem !== undefined)) lines.push('', `${job.kind} ${job.updated}`, problemDetails(job.problem as Problem));
  return redacted(`${lines.join('\n')}\n`);
}

/** Histories are read of so many profiles. */
const most = 12;

class ActivityState {
  profiles = new Resource<Known[]>();
  focus = $state(0);
  filter = $state.raw<ActivityFilter>({ kind: 'all', problems: false });
  /** The text that would be copied is shown. */
  reporting = $state(false);

  all = $derived.by((): Activity[] => activities(live.jobs, this.profiles.data ?? [], foundGames.known));
  rows = $derived.by((): Activity[] => filtered(this.all, this.filter));
  problems = $derived.by((): number => this.all.filter(({ problem }) => problem !== undefined).length);

  reload(): void {
    const wanted = live.profiles.slice(0, most);
    void this.profiles.load((signal) => Promise.all(wanted.map(({ id }) => api().call('profile', { path: { profile: id } }, signal))));
  }

  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'profile-changed' || event.topic === 'snapshot') this.reload();
    });
  }

  choose(change: Partial<ActivityFilter>): void {
    this.filter = { ...this.filter, ...change };
    this.focus = 0;
  }

  outcome({ job, problem }: Activity): string {
    if (problem !== undefined) return problemText(problem);
    if (job === undefined) return t('activity-done');
    return isOver(job) && job.phase === 'done' ? t('activity-done') : t(`phase-${job.phase}` as MessageId);
  }
}

export const activityState = new ActivityState();
