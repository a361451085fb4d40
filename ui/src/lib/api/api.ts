/**
 * The window's way to the service. One interface, three implementations: `tauri.ts` (the product), `http.ts` (tests
 * against a real service through a proxy) and `mock.ts` (an in-memory world). Only state classes call it.
 */
import type * as wire from './generated/types';
import { operations, type OperationId } from './generated/types';

export type * from './generated/types';

/** What each operation takes and gives; paths and methods come from the generated table. */
export interface Calls {
  version: { reply: wire.VersionInfo };
  status: { reply: wire.Status };
  games: { reply: wire.Game[] };
  game: { path: { game: string }; reply: wire.GameDetail };
  search: { query: wire.SearchRequest; reply: wire.SearchPage };
  package: { path: { source: string; id: string }; reply: wire.PackageDetail };
  changes: { path: { source: string; id: string }; query: { profile?: string; from?: string; to?: string }; reply: wire.Changes };
  audit: { query: { profile?: string }; reply: wire.AuditReport };
  plan: { body: wire.ChangeRequest; reply: wire.PlanPreview };
  change: { body: wire.ChangeRequest; reply: wire.Changed };
  'inspect-link': { body: wire.LinkRequest; reply: wire.LinkInspection };
  jobs: { reply: wire.Job[] };
  'cancel-job': { path: { job: string }; reply: wire.Changed };
  profiles: { reply: wire.Profile[] };
  'create-profile': { body: wire.NewProfile; reply: wire.Changed };
  profile: { path: { profile: string }; reply: wire.ProfileDetail };
  'patch-profile': { path: { profile: string }; body: wire.ProfilePatch; reply: wire.Changed };
  'clone-profile': { path: { profile: string }; body: wire.CloneRequest; reply: wire.Changed };
  'remove-profile': { path: { profile: string }; reply: wire.Changed };
  'removed-profiles': { reply: wire.RemovedProfile[] };
  'restore-profile': { path: { profile: string }; body: wire.RestoreRequest; reply: wire.Changed };
  difference: { path: { profile: string; generation: string; other: string }; reply: wire.GenerationDifference };
  'name-generation': { path: { profile: string; generation: string }; body: wire.GenerationPatch; reply: wire.Changed };
  prune: { path: { profile: string }; body: wire.PruneRequest; reply: wire.PruneReport };
  repair: { path: { profile: string }; reply: wire.Changed };
  drift: { path: { profile: string }; reply: wire.Drift };
  'compare-texts': { path: { profile: string }; body: wire.PlaceFile; reply: wire.FileTexts };
  'decide-drift': { path: { profile: string }; body: wire.DriftDecision; reply: wire.Changed };
  kept: { path: { profile: string }; reply: wire.KeptVersion[] };
  'restore-kept': { path: { profile: string }; body: wire.KeptRestore; reply: wire.Changed };
  'free-kept': { path: { profile: string }; body: wire.KeptFree; reply: wire.KeptFreed };
  saves: { path: { profile: string }; reply: wire.Saves };
  'set-saves-rules': { path: { profile: string }; body: wire.SavesRulesPatch; reply: wire.Changed };
  'snapshot-saves': { path: { profile: string }; reply: wire.Changed };
  'restore-saves': { path: { profile: string; snapshot: string }; body: wire.SavesRestore; reply: wire.Changed };
  'free-saves': { path: { profile: string; snapshot: string }; reply: wire.Changed };
  vanilla: { path: { profile: string }; reply: wire.Changed };
  'vanilla-proof': { path: { profile: string }; reply: wire.VanillaProof };
  'read-originals': { path: { profile: string }; reply: wire.VanillaProof };
  'load-order': { path: { profile: string }; reply: wire.LoadOrder };
  'plan-order': { path: { profile: string }; body: wire.OrderRequest; reply: wire.OrderPlan };
  conflicts: { path: { profile: string }; query: { offset: number; limit: number }; reply: wire.Conflicts };
  collections: { path: { profile: string }; reply: wire.Collection[] };
  'inspect-collection': { body: wire.CollectionRequest; reply: wire.CollectionOffer };
  'managed-profiles': { reply: wire.ManagedProfile[] };
  'share-profile': { path: { profile: string }; reply: wire.SharedText };
  followed: { reply: wire.Followed[] };
  upkeep: { reply: wire.Upkeep[] };
  'set-upkeep': { path: { profile: string }; body: wire.UpkeepPatch; reply: wire.Changed };
  lobbies: { reply: wire.Lobbies };
  'host-lobby': { body: wire.HostLobby; reply: wire.HostedLobby };
  'close-lobby': { reply: wire.Changed };
  'inspect-lobby': { body: wire.LobbyRequest; reply: wire.LobbyOffer };
  'join-lobby': { body: wire.JoinLobby; reply: wire.Changed };
  'forget-host': { path: { key: string }; reply: wire.Changed };
  'leave-lobby': { reply: wire.Changed };
  'look-for-news': { reply: wire.Followed[] };
  unfollow: { path: { profile: string }; reply: wire.Changed };
  disk: { reply: wire.DiskUsage };
  'go-back': { path: { profile: string; generation: string }; reply: wire.Changed };
  verify: { path: { profile: string }; reply: wire.VerifyReport };
  launch: { path: { profile: string }; body: wire.LaunchRequest; reply: wire.LaunchReport };
  undo: { path: { token: string }; reply: wire.Changed };
  transfers: { reply: wire.Transfers };
  'command-transfers': { body: wire.TransferCommand; reply: wire.Changed };
  limits: { reply: wire.Limits };
  pause: { body: wire.PauseRequest; reply: wire.Changed };
  resume: { reply: wire.Changed };
  seeds: { reply: wire.Seed[] };
  'command-seeds': { body: wire.SeedCommand; reply: wire.Changed };
  'plan-room': { body: wire.RoomRequest; reply: wire.RoomPlan };
  'make-room': { body: wire.RoomRequest; reply: wire.RoomMade };
  sources: { reply: wire.Source[] };
  presets: { reply: wire.Preset[] };
  'decide-preset': { body: wire.PresetDecision; reply: wire.Changed };
  'look-at-source': { body: wire.NewSource; reply: wire.Changed };
  'inspect-source': { body: wire.NewSource; reply: wire.SourceOffer };
  'add-source': { body: wire.NewSource; reply: wire.Changed };
  'patch-source': { path: { source: string }; body: wire.SourcePatch; reply: wire.Changed };
  'remove-source': { path: { source: string }; reply: wire.Changed };
  'sync-source': { path: { source: string }; reply: wire.Changed };
  'set-source-key': { path: { source: string }; body: wire.NewSourceKey; reply: wire.Changed };
  'forget-source-key': { path: { source: string }; reply: wire.Changed };
  'decide-key': { path: { source: string }; body: wire.KeyDecision; reply: wire.Changed };
  'patch-settings': { body: wire.SettingsPatch; reply: wire.Changed };
}

export type CallId = keyof Calls & OperationId;
export type Reply<Id extends CallId> = Calls[Id]['reply'];
type Input<Id extends CallId> = Omit<Calls[Id], 'reply'>;

/** What the stream brings: events, and word that the connection is gone (it comes back by itself). */
export type StreamItem = { type: 'event'; event: wire.Event } | { type: 'lost'; problem?: wire.Problem };

/** A link from outside, as text, or why it is not one. */
export type OpenedLink = { text: string } | { problem: wire.Problem };

/** What is chosen for a game of the player's own. */
export type GamePart = 'program' | 'folder';
/** How its mods lie: each in a folder of its own, or all files beside each other. */
export type ModLayout = 'folder-each' | 'together';

/** Where mods are that shall be taken over; the folder itself is chosen outside of the page. */
export type AdoptionChoice = { what: 'places' } | { what: 'managed'; path: string } | { what: 'chosen' };

/** What somebody sent: what was chosen, dropped or agreed to outside of the page, where a profile follows, or a pasted text. */
export type IncomingFrom = { what: 'chosen' } | { what: 'followed' } | { what: 'text'; text: string } | { what: 'code'; code: string };
/** What it turned out to be: a shared profile with its difference, or a file that is a package of the player's own now, a ticket of a lobby. */
export type Incoming = { kind: 'shared'; offer: wire.SharedOffer } | { kind: 'file'; wish: wire.Wish } | { kind: 'pack'; offer: wire.PackOffer } | { kind: 'ticket'; ticket: string };
export interface SharedConsent {
  keepOthers: boolean;
  follow: boolean;
  /** Of the document that was looked at. */
  digest: string;
  /** Of the difference that was shown, where there was one. */
  agreed: string | undefined;
}

export interface Api {
  call<Id extends CallId>(id: Id, input?: Input<Id>, signal?: AbortSignal): Promise<Reply<Id>>;
  /** Starts the one stream of the window. The first event after each connect is the snapshot. */
  subscribe(listener: (item: StreamItem) => void): Promise<() => Promise<void>>;
  /** Links that were opened before the window listened. */
  pendingLink(): Promise<string | null>;
  /** Links that arrive later, and ones that were refused before anybody looked at what they ask for. */
  onLink(listener: (link: OpenedLink) => void): Promise<() => void>;
  /** The first useful frame is painted: the native window may show itself. */
  windowReady(): Promise<void>;
  /** Opens a web page outside; the host was shown to the player before. */
  openExternal(address: string): Promise<void>;
  /** Lets the player choose in a window of the desktop; the path that comes back is for the eyes only. */
  chooseForGame(part: GamePart): Promise<string | null>;
  /** Adds a game with what was chosen, after a question outside of the page. Nothing where the answer is no. */
  addOwnGame(title: string, layout: ModLayout): Promise<wire.Changed | null>;
  /** Forgets a game of the player's own, after a question outside of the page. */
  removeOwnGame(game: string): Promise<wire.Changed | null>;
  /** Lets the player choose a folder with mods; the path that comes back is for the eyes only. */
  chooseAdoption(): Promise<string | null>;
  /** What would be taken over as what. Changes nothing. */
  planAdoption(choice: AdoptionChoice, profile: string | undefined): Promise<wire.AdoptionPlan>;
  /** Takes over what the preview with this digest showed. */
  adopt(choice: AdoptionChoice, profile: string | undefined, agreed: string): Promise<wire.Changed>;
  /** Lets the player choose a file that somebody sent; the path that comes back is for the eyes only. */
  chooseFile(): Promise<string | null>;
  /** Asks outside of the page whether this address may be asked. Nothing where the answer is no. */
  agreeToAddress(address: string): Promise<string | null>;
  /** A file was let go over the window; its path is for the eyes only. */
  onDropped(listener: (name: string) => void): Promise<() => void>;
  /** What it is, and what it would do to a profile. Changes no profile. */
  lookAt(from: IncomingFrom, profile: string, keepOthers: boolean): Promise<Incoming>;
  /** Makes a profile what a shared one says, as it was looked at. */
  applyShared(from: IncomingFrom, profile: string, consent: SharedConsent): Promise<wire.Changed>;
  /** Brings what a pack holds itself, as it was looked at; answers the change that is agreed to next. */
  takePack(from: IncomingFrom, profile: string, keepOthers: boolean, digest: string): Promise<wire.ChangeRequest>;
  /** Starts the service after it ended. */
  startService(): Promise<void>;
}

/** A refusal or failure of the service, with its problem document. */
export class ApiError extends Error {
  constructor(readonly problem: wire.Problem) {
    super(problem.code);
    this.name = 'ApiError';
  }
}

/** Turns whatever a bridge throws into an [`ApiError`]. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isProblem(thrown)) return new ApiError(thrown);
  return new ApiError(localProblem('service-unreachable', String(thrown)));
}

export function isProblem(value: unknown): value is wire.Problem {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}

/** A problem that the window itself found. */
export function localProblem(code: string, title: string): wire.Problem {
  return { type: `urn:muster:problem:${code}`, status: 0, code, title, trace: '' };
}

/** Path of an operation with its parameters filled in, each as one encoded segment. */
export function operationPath(id: OperationId, path: Record<string, string> = {}): string {
  return operations[id].path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name];
    if (value === undefined) throw new Error(`${id} needs ${name}`);
    return encodeURIComponent(value);
  });
}

/** Query values as text; absent ones are left out. */
export function queryText(query: object | undefined): Record<string, string> {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

export const emptyChange: wire.ChangeRequest = {
  install: [],
  remove: [],
  update: [],
  update_all: false,
  enable: [],
  disable: [],
};
