/** What sources advise against of all that is installed, and the way out of each. */
import type { AuditFinding, AuditReport, ProfileEntry } from '$lib/api/api';
import { api } from './bridge';
import { live } from './live.svelte';
import { keyOf } from './order';
import { Resource } from './resource.svelte';

/** What can be done: a version without the fault, turning it off, or nothing any more. */
export type WayOut = 'update' | 'quarantine' | 'off';

const severities = ['malware', 'vulnerable', 'broken'];

export function wayOut(finding: Pick<AuditFinding, 'enabled'>, entry: Pick<ProfileEntry, 'update'> | undefined): WayOut {
  if (entry?.update !== undefined) return 'update';
  return finding.enabled ? 'quarantine' : 'off';
}

/** The findings of a profile: what is still on first, the worst before the others. */
export function findingsOf(report: AuditReport | undefined, profile: string): AuditFinding[] {
  const rank = ({ advice }: AuditFinding): number => Math.min(...advice.map(({ severity }) => severities.indexOf(severity)), severities.length);
  const mine = report?.findings.filter((finding) => finding.profile === profile) ?? [];
  return mine.sort((a, b) => Number(b.enabled) - Number(a.enabled) || rank(a) - rank(b) || (a.title < b.title ? -1 : 1));
}

/** Other profiles with packages that are on and advised against, and how many. */
export function elsewhere(report: AuditReport | undefined, profile: string): { id: string; name: string; count: number }[] {
  const found = new Map<string, { id: string; name: string; count: number }>();
  for (const finding of report?.findings ?? []) {
    if (finding.profile === profile || !finding.enabled) continue;
    const known = found.get(finding.profile) ?? { id: finding.profile, name: finding.profile_name, count: 0 };
    found.set(finding.profile, { ...known, count: known.count + 1 });
  }
  return [...found.values()];
}

/** Why a package is in a profile: from one that the player asked for, by the shortest way, to the one that needs it. */
export function whyHere(entries: readonly ProfileEntry[], entry: ProfileEntry): ProfileEntry[] {
  const byTitle = new Map(entries.map((one) => [one.title, one]));
  const ways: ProfileEntry[][] = [[entry]];
  const seen = new Set([keyOf(entry)]);
  for (const way of ways) {
    const [first] = way;
    if (first === undefined || first.wished) return way.slice(0, -1);
    for (const title of first.needed_by) {
      const next = byTitle.get(title);
      if (next === undefined || seen.has(keyOf(next))) continue;
      seen.add(keyOf(next));
      ways.push([next, ...way]);
    }
  }
  return [];
}

class AuditState {
  report = new Resource<AuditReport>();

  reload(): void {
    void this.report.load((signal) => api().call('audit', { query: {} }, signal));
  }

  /** Sources say something new, or packages come and go. */
  watch(): () => void {
    return live.watch((event) => {
      if (['catalog', 'sources', 'profile-changed', 'snapshot'].includes(event.topic)) this.reload();
    });
  }
}

export const auditState = new AuditState();
