import { expect, it } from 'vitest';
import { parseRoute, routePath, sameScreen, type Route } from './routes';

const routes: Route[] = [
  { name: 'browse', game: 'saltmere', q: 'tag:hud -tag:horror light', sort: 'name' },
  { name: 'browse', game: undefined, q: '', sort: '' },
  { name: 'package', source: 'reg-00ff', id: 'atelier-nord/compass-rose', tab: 'overview' },
  { name: 'package', source: 'thunderstore:a b', id: 'Ünïcode%/x?y#z', tab: 'trust' },
  { name: 'profile', game: 'saltmere', profile: '0193', view: 'history' },
  { name: 'profile', game: 'saltmere', profile: undefined, view: 'order' },
  { name: 'profile', game: 'saltmere', profile: '0193', view: 'vanilla' },
  { name: 'profile', game: 'saltmere', profile: '0193', view: 'files' },
  { name: 'profiles', game: 'saltmere' },
  { name: 'profiles', game: undefined },
  { name: 'adopt', game: 'saltmere' },
  { name: 'adopt', game: undefined },
  { name: 'collections', game: 'saltmere', view: 'packs' },
  { name: 'collections', game: undefined, view: 'here' },
  { name: 'collection', source: 'reg-00ff', id: 'marlow/night-market' },
  { name: 'publisher', source: 'reg-00ff', publisher: 'Ünï/x' },
  { name: 'library' },
  { name: 'first-run' },
  { name: 'lobby' },
  { name: 'downloads' },
  { name: 'seeding' },
  { name: 'activity' },
  { name: 'sources' },
  { name: 'settings' },
];

it.each(routes)('reads back the address it wrote: $name', (route) => {
  expect(parseRoute(routePath(route))).toEqual(route);
});

it('shows Browse for the start address and says so for unknown ones', () => {
  expect(parseRoute('/').name).toBe('browse');
  expect(parseRoute('/no/such/place').name).toBe('unknown');
  expect(parseRoute('/p/%E0%A4%A/x').name).toBe('package');
});

it('keeps focus and scroll within one screen only', () => {
  expect(sameScreen(routes[0] as Route, routes[1] as Route)).toBe(true);
  expect(sameScreen(routes[2] as Route, routes[3] as Route)).toBe(false);
  expect(sameScreen({ name: 'downloads' }, { name: 'sources' })).toBe(false);
});
