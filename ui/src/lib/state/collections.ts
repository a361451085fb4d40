/** What a list of packages means for a profile: what is shown first, what can be chosen, and how the rest is said. Pure. */
import type { CollectionMember, CollectionOffer, Job, MemberCount, MemberState, PackageKey, PlanItem } from '$lib/api/api';
import { keyOf } from './order';

export const memberStates: MemberState[] = ['missing', 'other-side', 'goes', 'comes', 'not-chosen', 'left-out', 'taken-out', 'yours', 'here'];

export const isCollection = (kind: string): boolean => kind === 'collection' || kind === 'modpack';

/** What needs a look comes first; the rest in the order of the collection. */
export function sorted(members: CollectionMember[]): CollectionMember[] {
  const rank = ({ state }: CollectionMember): number => memberStates.indexOf(state);
  return members.map((member, at) => ({ member, at })).sort((a, b) => rank(a.member) - rank(b.member) || a.at - b.at).map(({ member }) => member);
}

/** How many there are in each state, in the order in which they are shown. */
export function countStates(members: Pick<CollectionMember, 'state'>[]): MemberCount[] {
  return memberStates.map((state) => ({ state, count: members.filter((member) => member.state === state).length })).filter(({ count }) => count > 0);
}

/** What the player said of packages that are left to choice, or that are not wanted; nothing else is written down. */
export interface Choice {
  with: ReadonlyMap<string, PackageKey>;
  without: ReadonlyMap<string, PackageKey>;
}

export const nothingChosen: Choice = { with: new Map(), without: new Map() };

/** Whether it is for the player to say if this package comes. */
export function canChoose({ state }: CollectionMember): boolean {
  return state === 'comes' || state === 'not-chosen' || state === 'left-out' || state === 'taken-out';
}

/** The other answer for a package. */
export function toggled({ with: chosen, without }: Choice, member: CollectionMember): Choice {
  const key = keyOf(member);
  const next = { with: new Map(chosen), without: new Map(without) };
  if (next.with.delete(key) || next.without.delete(key)) return next;
  if (member.state === 'comes') next.without.set(key, { source: member.source, id: member.id });
  else next.with.set(key, { source: member.source, id: member.id });
  return next;
}

/** What a difference says in numbers, in the order of the sheet. */
export function countActions(items: Pick<PlanItem, 'action'>[]): { action: PlanItem['action']; count: number }[] {
  const actions = ['add', 'change', 'remove', 'enable', 'disable'] as const;
  return actions.map((action) => ({ action, count: items.filter((item) => item.action === action).length })).filter(({ count }) => count > 0);
}

export type Standing = 'new' | 'update' | 'offers' | 'whole';

/** What there is to do: nothing of it is here, a newer version is there, something of this version can come, or all is well. */
export function standing({ from, to, plan }: Pick<CollectionOffer, 'from' | 'to' | 'plan'>): Standing {
  if (from === undefined) return 'new';
  if (from !== to) return 'update';
  return plan === undefined ? 'whole' : 'offers';
}

/** The newest work about a collection in a profile; one that ended well is of no more interest. */
export function workFor(jobs: Job[], key: PackageKey, profile: string | undefined): Job | undefined {
  const own = jobs.filter((job) => job.profile === profile && job.members.some((member) => keyOf(member) === keyOf(key)));
  const [newest] = own.sort((a, b) => (a.created < b.created ? 1 : -1));
  return newest === undefined || newest.phase === 'done' || newest.phase === 'cancelled' ? undefined : newest;
}
