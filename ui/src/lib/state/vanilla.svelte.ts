/** The proof of the original game, as it is now, and as text. */
import type { VanillaProof } from '$lib/api/api';
import { count as number, exactTime } from '$lib/i18n/format';
import { t } from '$lib/i18n/i18n.svelte';
import type { MessageId } from '$lib/i18n/ids';
import { api } from './bridge';
import { live } from './live.svelte';
import { Resource } from './resource.svelte';

/** What needs a look goes first. */
export const proofGroups = ['ours', 'departed', 'modded', 'equal', 'unchanged'] as const;
export type ProofGroup = (typeof proofGroups)[number];

export interface ProofRow {
  place: string;
  path: string;
  note: string;
}

export function groupCount(proof: VanillaProof, group: ProofGroup): number {
  return group === 'ours' ? proof.ours : proof.counts[group];
}

/** The files of a group that are known by name; of ours the proof only tells how many there are. */
export function groupRows(proof: VanillaProof, group: ProofGroup): ProofRow[] {
  switch (group) {
    case 'ours': return [];
    case 'departed': return proof.departed.map(({ place, path, how }) => ({ place, path, note: t(`vanilla-how-${how}` as MessageId) }));
    case 'modded': return proof.modded.map(({ place, path, of }) => ({ place, path, note: t('vanilla-from', { of }) }));
    default: return proof[group].map(({ place, path }) => ({ place, path, note: '' }));
  }
}

export type Verdict = 'nothing' | 'ours' | 'original' | 'departed';

export function verdictOf(proof: VanillaProof): Verdict {
  if (!proof.recorded) return 'nothing';
  if (proof.ours > 0) return 'ours';
  return proof.original ? 'original' : 'departed';
}

export function verdictText(proof: VanillaProof, game: string, profile: string): string {
  switch (verdictOf(proof)) {
    case 'nothing': return t('vanilla-nothing', { game });
    case 'ours': return t('vanilla-verdict-ours', { count: proof.ours, profile });
    case 'original': return t('vanilla-verdict-original', { game });
    default: return t('vanilla-verdict-departed');
  }
}

/** The group that says most: what is not as it was, if anything is. */
export function firstGroup(proof: VanillaProof): ProofGroup {
  return proofGroups.find((group) => group !== 'ours' && groupCount(proof, group) > 0) ?? 'unchanged';
}

/** The whole proof, to keep or to send to somebody. */
export function proofText(proof: VanillaProof, game: string, profile: string, at: string): string {
  const lines = [t('vanilla-text-title', { game, date: exactTime(at) }), verdictText(proof, game, profile)];
  if (proof.late) lines.push(t('vanilla-late'));
  for (const group of proofGroups) {
    const rows = groupRows(proof, group);
    const count = groupCount(proof, group);
    lines.push('', `${t(`vanilla-group-${group}` as MessageId)}: ${number(count)}`);
    lines.push(...rows.map(({ place, path, note }) => `  ${place}: ${path}${note === '' ? '' : ` (${note})`}`));
    if (rows.length > 0 && rows.length < count) lines.push(`  ${t('vanilla-cut', { shown: rows.length, count })}`);
  }
  return `${lines.join('\n')}\n`;
}

class VanillaState {
  proof = new Resource<VanillaProof>();
  /** The group that the player looks at; the one that says most until then. */
  group = $state<ProofGroup | undefined>(undefined);
  focus = $state(0);
  #id: string | undefined;

  show(id: string): void {
    if (id !== this.#id) {
      this.#id = id;
      this.proof.clear();
      this.group = undefined;
      this.focus = 0;
    }
    this.reload();
  }

  reload(): void {
    const profile = this.#id;
    if (profile !== undefined) void this.proof.load((signal) => api().call('vanilla-proof', { path: { profile } }, signal));
  }

  /** Reads every file, so that the proof goes by bytes; takes as long as the disk does. */
  readAll(): void {
    const profile = this.#id;
    if (profile !== undefined) void this.proof.load((signal) => api().call('read-originals', { path: { profile } }, signal));
  }

  /** Any profile of the game may have come into its folders or left them. */
  watch(): () => void {
    return live.watch((event) => {
      if (event.topic === 'profile-changed' || event.topic === 'snapshot') this.reload();
    });
  }
}

export const vanillaState = new VanillaState();
