/** The route table: paths to typed places and back. */

export type PackageTab = 'overview' | 'changes' | 'versions' | 'needs' | 'trust';
export const profileViews = ['order', 'conflicts', 'files', 'kept', 'saves', 'history', 'vanilla'] as const;
export type ProfileView = (typeof profileViews)[number];

export const collectionViews = ['here', 'lists', 'packs'] as const;
export type CollectionView = (typeof collectionViews)[number];

export type Route =
  | { name: 'browse'; game: string | undefined; q: string; sort: string }
  | { name: 'package'; source: string; id: string; tab: PackageTab }
  | { name: 'profile'; game: string | undefined; profile: string | undefined; view: ProfileView }
  | { name: 'profiles'; game: string | undefined }
  | { name: 'adopt'; game: string | undefined }
  | { name: 'collections'; game: string | undefined; view: CollectionView }
  | { name: 'collection'; source: string; id: string }
  | { name: 'publisher'; source: string; publisher: string }
  | { name: 'library' }
  | { name: 'first-run' }
  | { name: 'lobby' }
  | { name: 'downloads' }
  | { name: 'seeding' }
  | { name: 'sources' }
  | { name: 'activity' }
  | { name: 'settings' }
  | { name: 'unknown'; path: string };

export type RouteName = Route['name'];

const tabs: readonly string[] = ['overview', 'changes', 'versions', 'needs', 'trust'];

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}

export function parseRoute(address: string): Route {
  const url = new URL(address, 'http://window');
  const parts = url.pathname.split('/').filter((part) => part !== '').map(decode);
  const [first, second, third, fourth, fifth] = parts;
  if (first === undefined || first === 'index.html' || first === 'browse') return browse(undefined, url);
  if (first === 'g' && third === 'browse') return browse(second, url);
  if (first === 'g' && third === 'profile') {
    return { name: 'profile', game: second, profile: fourth, view: profileViews.find((view) => view === fifth) ?? 'order' };
  }
  if (first === 'g' && third === 'profiles') return { name: 'profiles', game: second };
  if (first === 'profiles') return { name: 'profiles', game: undefined };
  if (first === 'g' && third === 'adopt') return { name: 'adopt', game: second };
  if (first === 'adopt') return { name: 'adopt', game: undefined };
  if (first === 'g' && third === 'collections') return { name: 'collections', game: second, view: viewOf(fourth) };
  if (first === 'collections') return { name: 'collections', game: undefined, view: viewOf(second) };
  if (first === 'c' && second !== undefined && third !== undefined) return { name: 'collection', source: second, id: third };
  if (first === 'publisher' && second !== undefined && third !== undefined) return { name: 'publisher', source: second, publisher: third };
  if (first === 'profile') return { name: 'profile', game: undefined, profile: undefined, view: 'order' };
  if (first === 'p' && second !== undefined && third !== undefined) {
    const tab = fourth !== undefined && tabs.includes(fourth) ? (fourth as PackageTab) : 'overview';
    return { name: 'package', source: second, id: third, tab };
  }
  if (first === 'library' || first === 'first-run' || first === 'lobby' || first === 'downloads' || first === 'seeding' || first === 'sources' || first === 'activity' || first === 'settings') return { name: first };
  return { name: 'unknown', path: url.pathname };
}

function viewOf(part: string | undefined): CollectionView {
  return collectionViews.find((view) => view === part) ?? 'here';
}

function browse(game: string | undefined, url: URL): Route {
  return { name: 'browse', game, q: url.searchParams.get('q') ?? '', sort: url.searchParams.get('sort') ?? '' };
}

export function routePath(route: Route): string {
  const e = encodeURIComponent;
  switch (route.name) {
    case 'browse': {
      const query = new URLSearchParams();
      if (route.q !== '') query.set('q', route.q);
      if (route.sort !== '') query.set('sort', route.sort);
      const text = query.toString();
      return (route.game === undefined ? '/browse' : `/g/${e(route.game)}/browse`) + (text === '' ? '' : `?${text}`);
    }
    case 'package':
      return `/p/${e(route.source)}/${e(route.id)}${route.tab === 'overview' ? '' : `/${route.tab}`}`;
    case 'profile': {
      if (route.game === undefined) return '/profile';
      const base = `/g/${e(route.game)}/profile`;
      if (route.profile === undefined) return base;
      return `${base}/${e(route.profile)}${route.view === 'order' ? '' : `/${route.view}`}`;
    }
    case 'profiles':
    case 'adopt':
      return route.game === undefined ? `/${route.name}` : `/g/${e(route.game)}/${route.name}`;
    case 'collections':
      return (route.game === undefined ? '/collections' : `/g/${e(route.game)}/collections`) + (route.view === 'here' ? '' : `/${route.view}`);
    case 'collection':
      return `/c/${e(route.source)}/${e(route.id)}`;
    case 'publisher':
      return `/publisher/${e(route.source)}/${e(route.publisher)}`;
    case 'unknown':
      return route.path;
    default:
      return `/${route.name}`;
  }
}

/** Whether two routes are the same screen, so that focus and scroll stay where they are. */
export function sameScreen(a: Route, b: Route): boolean {
  if (a.name !== b.name) return false;
  if ((a.name === 'package' && b.name === 'package') || (a.name === 'collection' && b.name === 'collection')) return a.source === b.source && a.id === b.id;
  return true;
}
