/** Settings of the mock service, and what it says of itself. */
import type { Settings, SettingsPatch, Status } from '../api';
import type { MockJobs } from './jobs';
import type { MockTransfers } from './transfers';
import { iso, now, profileId } from './world';

function defaults(): Settings {
  return {
    sharing: 'unset', download_limit: 0, upload_limit: 1_000_000, cache_quota: 2_000_000_000, archive_days: 30, unfinished_days: 7, evict_protected: true, seeding_paused: false, listen: '0.0.0.0:0',
    language: '', theme: 'system', upload_auto: true, turtle: 'auto', turtle_download_limit: 0, turtle_upload_limit: 100_000, turtle_hours: '', share_hours: '',
    monthly_upload: 20_000_000_000, lan_exempt: true, find_nearby: true, find_public: true, open_port: true, connections: 50, user_share: 10, background_share: 100, upload_while_playing: false, background_while_playing: false,
    on_battery: 'pause', on_metered: 'pause', on_vpn: 'pause', share_when_away: false,
  };
}

/** What the status counts of other parts of the service. */
interface Around {
  transfers: MockTransfers;
  jobs: MockJobs;
  packages: number;
  isEmpty: boolean;
}

export class MockSettings {
  readonly value: Settings;

  constructor(given: Partial<Settings>) {
    this.value = { ...defaults(), ...given };
  }

  patch(patch: SettingsPatch): Settings {
    return Object.assign(this.value, patch);
  }

  status({ transfers, jobs, packages, isEmpty }: Around): Status {
    const { value } = this;
    const list = transfers.list();
    const { open } = transfers;
    return {
      version: { min: 1, max: 1, program: '0.1.0-dev', build: 'mock' }, pid: 1, started: iso(now), state: jobs.hasFailed ? 'attention' : transfers.paused ? 'paused' : open > 0 ? 'working' : 'idle',
      reasons: [...(value.offline === true ? [{ code: 'offline' }] : []), ...(jobs.hasFailed ? [{ code: 'last-failed' }] : [])], jobs: jobs.open.length,
      transfers: open, down: list.down, up: value.sharing === 'everybody' ? list.up : 0, packages, cache_used: 1_600_000_000, cache_quota: value.cache_quota,
      shared: 0, active_profile: isEmpty ? undefined : profileId,
    };
  }
}
