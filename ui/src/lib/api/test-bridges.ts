/** Chooses the mock world or the HTTP bridge from the address; kept in the session, because places change the address. */
import type { Api, Settings } from './api';
import { HttpApi } from './http';
import { MockApi } from './mock/mock';

const stored = 'muster-test-bridge';

export function testApi(given: URLSearchParams): Api {
  const isTest = ['api', 'state', 'packages', 'tick', 'link', 'theme', 'lang'].some((name) => given.has(name));
  if (isTest) sessionStorage.setItem(stored, given.toString());
  const query = isTest ? given : new URLSearchParams(sessionStorage.getItem(stored) ?? '');
  const base = query.get('api');
  if (base !== null) return new HttpApi(base);
  // Only the world of somebody who is new begins with the first screen.
  if (query.get('state') !== 'first') localStorage.setItem('muster-welcomed', 'in a test');
  const settings: Partial<Settings> = {
    ...(query.has('theme') && { theme: query.get('theme') as Settings['theme'] }),
    ...(query.has('sharing') && { sharing: query.get('sharing') as Settings['sharing'] }),
    ...(query.has('lang') && { language: query.get('lang') ?? '' }),
  };
  return new MockApi({
    packages: Number(query.get('packages') ?? 1_204),
    state: query.get('state') ?? 'loaded',
    tick: Number(query.get('tick') ?? 250),
    link: query.get('link'),
    settings,
  });
}
