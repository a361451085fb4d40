/** The one bridge of this window; set before anything is mounted. */
import type { Api } from '$lib/api/api';

let bridge: Api | undefined;

export function setApi(api: Api): void {
  bridge = api;
}

export function api(): Api {
  if (bridge === undefined) throw new Error('the bridge is not set');
  return bridge;
}
