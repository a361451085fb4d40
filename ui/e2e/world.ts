import type { Page } from '@playwright/test';
import { now, profileId } from '../src/lib/api/mock/world';

export const places = {
  library: '/library',
  'first-run': '/first-run',
  browse: '/g/saltmere/browse',
  package: `/p/reg-5f1c9a7be02d44f19a7753c86dbb0f1a2e93c4d5a6b7c8d9e0f102132435465f/${encodeURIComponent('atelier-nord/compass-rose-hud')}`,
  profile: `/g/saltmere/profile/${profileId}`,
  history: `/g/saltmere/profile/${profileId}/history`,
  conflicts: `/g/saltmere/profile/${profileId}/conflicts`,
  files: `/g/saltmere/profile/${profileId}/files`,
  kept: `/g/saltmere/profile/${profileId}/kept`,
  saves: `/g/saltmere/profile/${profileId}/saves`,
  vanilla: `/g/saltmere/profile/${profileId}/vanilla`,
  profiles: '/g/saltmere/profiles',
  adopt: '/g/saltmere/adopt',
  collections: '/g/saltmere/collections',
  lists: '/g/saltmere/collections/lists',
  collection: `/c/reg-5f1c9a7be02d44f19a7753c86dbb0f1a2e93c4d5a6b7c8d9e0f102132435465f/${encodeURIComponent('marlow/night-market')}`,
  publisher: '/publisher/reg-5f1c9a7be02d44f19a7753c86dbb0f1a2e93c4d5a6b7c8d9e0f102132435465f/atelier-nord',
  lobby: '/lobby',
  downloads: '/downloads',
  seeding: '/seeding',
  activity: '/activity',
  sources: '/sources',
  settings: '/settings',
} as const;

export type PlaceName = keyof typeof places;

/** Opens a place of the mock world. With `tick: 0` nothing moves. */
export async function open(page: Page, place: PlaceName, options: Record<string, string | number> = {}): Promise<void> {
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.clock.setFixedTime(new Date(now));
  const query = new URLSearchParams(Object.entries({ tick: 0, ...options }).map(([key, value]) => [key, String(value)]));
  await page.goto(`${places[place]}?${query}`);
  await page.locator('main').waitFor();
}
