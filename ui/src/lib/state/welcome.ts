/** Whether the first screen is shown: once, to somebody who has nothing yet. */
import type { Profile, Settings } from '$lib/api/api';

const stored = 'muster-welcomed';

interface Known {
  settings?: Pick<Settings, 'sharing'> | undefined;
  sources: readonly unknown[];
  profiles: Pick<Profile, 'on' | 'off'>[];
}

/** No source, nothing installed, no answer about sharing, and the first screen was neither used nor skipped on this machine. */
export function isFirstRun({ settings, sources, profiles }: Known, welcomed = localStorage.getItem(stored) !== null): boolean {
  return !welcomed && settings?.sharing === 'unset' && sources.length === 0 && profiles.every(({ on, off }) => on + off === 0);
}

/** The first screen comes no more by itself. */
export function markWelcomed(): void {
  localStorage.setItem(stored, new Date().toISOString());
}
