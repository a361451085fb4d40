// Made from service/api by `MUSTER_BLESS=1 cargo test -p muster-api`; do not edit.

export type PackageKey = { 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Changed = { 
/**
 * Number of the change; events that show its effect carry a number at least as high.
 */
change: number, 
/**
 * Hand this to `undo` to put things back, where that is possible.
 */
undo?: string, 
/**
 * The job that does the work, where it takes time.
 */
job?: string, 
/**
 * The thing that was made, where one was.
 */
created?: string, };

export type Problem = { 
/**
 * `urn:muster:problem:<code>`.
 */
type: string, 
/**
 * HTTP status.
 */
status: number, 
/**
 * Stable code; the sentences for people are `error-<code>` and `error-<code>-hint` in the message files.
 */
code: string, 
/**
 * English, for logs and developers.
 */
title: string, 
/**
 * Values for the sentence.
 */
context?: { [key in string]: string }, 
/**
 * Finds the matching lines in the log.
 */
trace: string, 
/**
 * Why no set of packages fits, where that is the problem.
 */
explanation?: Explanation, };

export type Explanation = { 
/**
 * `explain-<code>` in the message files.
 */
code: string, context?: { [key in string]: string }, because?: Array<Explanation>, 
/**
 * The smallest changes that would help.
 */
fixes?: Array<Reason>, };

export type Reason = { code: string, context?: { [key in string]: string }, };

export type VersionInfo = { min: number, max: number, 
/**
 * Program version.
 */
program: string, 
/**
 * Changes with every build; another build means that the service should be restarted.
 */
build: string, };

export type ServiceState = "idle" | "working" | "sharing" | "paused" | "attention";

export type Status = { version: VersionInfo, pid: number, started: string, state: ServiceState, 
/**
 * Why something is held back, most important first.
 */
reasons: Array<Reason>, 
/**
 * Jobs that are not finished.
 */
jobs: number, 
/**
 * Transfers that are not finished.
 */
transfers: number, 
/**
 * Bytes per second, now.
 */
down: number, up: number, 
/**
 * Packages in the catalog.
 */
packages: number, 
/**
 * Bytes of archives kept, and the most that may be kept.
 */
cache_used: number, cache_quota: number, 
/**
 * Archives offered to others right now.
 */
shared: number, 
/**
 * The profile that the window should show first.
 */
active_profile?: string, 
/**
 * The pause of everything, while there is one.
 */
pause?: PauseState, 
/**
 * Address other Muster services can reach this one at, while sharing.
 */
peer_address?: string, };

export type Game = { id: string, title: string, 
/**
 * Empty where the game was not found.
 */
installations: Array<Installation>, 
/**
 * Whether the player wrote its definition.
 */
own?: boolean, };

export type Installation = { 
/**
 * Stable name of the installation: `native`, `flatpak:<application>`, `steam:<application>`,
 * `heroic:<store>-<id>`, `lutris:<slug>`, `manual:<folder hash>`; `-flatpak` or `-snap` stands before the colon
 * where the launcher is one.
 */
id: string, 
/**
 * How it was found.
 */
kind: string, version?: string, 
/**
 * The game's own folder, where a launcher or the player names one.
 */
folder?: string, 
/**
 * The Windows that Proton or Wine makes for the game.
 */
prefix?: string, 
/**
 * Named places → folders on this machine.
 */
places: { [key in string]: string }, 
/**
 * Worlds or saves that a profile can be bound to, where the game has them.
 */
worlds?: Array<string>, 
/**
 * How files get to its places, as far as that was tried out: at the first change.
 */
storage?: Array<PlaceStorage>, };

export type GameDetail = { also_called: Array<string>, homepage?: string, 
/**
 * Who wrote definitions of it: `shipped`, `package`, `user`; the last one is in force.
 */
origins: Array<string>, 
/**
 * Who decides in which order mods are loaded: `game`, `files`, `lists`.
 */
load_order: string, 
/**
 * Ways to start it.
 */
launches: Array<string>, 
/**
 * Titles of the mod loaders that it may have.
 */
loaders: Array<string>, 
/**
 * Shop → what the game is called there.
 */
stores: { [key in string]: Array<string> }, 
/**
 * Names of the places that packages can go to.
 */
places: Array<string>, 
/**
 * Where its packages come from, as `add-source` takes it; offered when the window is first opened.
 */
sources: Array<string>, id: string, title: string, 
/**
 * Empty where the game was not found.
 */
installations: Array<Installation>, 
/**
 * Whether the player wrote its definition.
 */
own?: boolean, };

export type NewGame = { 
/**
 * The text of the definition (`docs/formats/game.md`).
 */
definition: string, 
/**
 * It may take the place of a definition that the game has already.
 */
replace: boolean, };

export type Sort = "relevance" | "downloads" | "newest" | "updated" | "name" | "trending";

export type SearchRequest = { 
/**
 * Text with facets; empty lists everything.
 */
q: string, 
/**
 * Profile that states and compatibility refer to.
 */
profile?: string, sort: Sort, offset: number, 
/**
 * At most 200; 0 means 50.
 */
limit: number, };

export type SearchPage = { 
/**
 * Results of the query.
 */
total: number, 
/**
 * Packages in the catalog for the games that the query names, else for this profile's.
 */
all: number, rows: Array<PackageRow>, facets: Array<Facet>, 
/**
 * A word that would have matched, where nothing did.
 */
did_you_mean?: string, };

export type Facet = { 
/**
 * `tag`, `kind`, `license`, …
 */
key: string, values: Array<FacetValue>, };

export type FacetValue = { value: string, count: number, 
/**
 * Whether the query includes (`true`) or excludes (`false`) it.
 */
selected?: boolean, };

export type Seal = "unverified" | "verified" | "trusted" | "featured";

export type Signature = "author" | "source-hash" | "none" | "rotated" | "key-changed" | "broken" | "revoked" | "removed";

export type PackageState = { "state": "absent" } | { "state": "on", version: string, } | { "state": "off", version: string, } | { "state": "update", version: string, available: string, } | { "state": "busy", job: string, } | { "state": "incompatible", game: string, } | { "state": "managed", by: string, };

export type Trend = { 
/**
 * Downloads.
 */
gain: number, 
/**
 * Since when.
 */
since: string, };

export type PackageRow = { 
/**
 * The player's short name of the source.
 */
source_name: string, 
/**
 * Publisher's name; empty where the source has none.
 */
publisher: string, name: string, title: string, summary: string, 
/**
 * `mod`, `collection`, …
 */
kind: string, version: string, 
/**
 * Archive size of that version.
 */
size: number, downloads?: number, updated?: string, tags: Array<string>, games: Array<string>, license?: string, seal: Seal, signature: Signature, status: PackageState, 
/**
 * Short names of other sources that offer the same archive.
 */
also_in?: Array<string>, 
/**
 * What sources say against this version, the worst first.
 */
advice?: Array<Advice>, 
/**
 * The sentence of the source that features it, in searches for `is:featured`; may be empty.
 */
featured?: string, 
/**
 * In searches in the order `trending`.
 */
trend?: Trend, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type PackageDetail = { 
/**
 * Sanitised: safe to place as it is.
 */
description_html: string, authors: Array<string>, homepage?: string, source_code?: string, 
/**
 * Pages where the author takes tips.
 */
tips: Array<string>, 
/**
 * AI content, telemetry, flashing lights, …
 */
disclosures: Array<string>, 
/**
 * Newest first.
 */
versions: Array<PackageVersion>, 
/**
 * What the newest fitting version needs.
 */
needs: Array<Need>, 
/**
 * Features of the version in the profile, else of the newest.
 */
features?: Array<Feature>, trust: Trust, 
/**
 * The player's short name of the source.
 */
source_name: string, 
/**
 * Publisher's name; empty where the source has none.
 */
publisher: string, name: string, title: string, summary: string, 
/**
 * `mod`, `collection`, …
 */
kind: string, version: string, 
/**
 * Archive size of that version.
 */
size: number, downloads?: number, updated?: string, tags: Array<string>, games: Array<string>, license?: string, seal: Seal, signature: Signature, status: PackageState, 
/**
 * Short names of other sources that offer the same archive.
 */
also_in?: Array<string>, 
/**
 * What sources say against this version, the worst first.
 */
advice?: Array<Advice>, 
/**
 * The sentence of the source that features it, in searches for `is:featured`; may be empty.
 */
featured?: string, 
/**
 * In searches in the order `trending`.
 */
trend?: Trend, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type PackageVersion = { version: string, size: number, 
/**
 * SHA-256 of the archive; absent where the source says none, until the bytes are here.
 */
sha256?: string, published?: string, 
/**
 * `stable`, `beta` or `dev`.
 */
channel: string, 
/**
 * Game → range.
 */
games: { [key in string]: string }, 
/**
 * Names of what it runs on (`linux`, `windows`, `macos`, …); empty means everything.
 */
platforms?: Array<string>, 
/**
 * Where it is needed when the game is played over a network; absent where that is everywhere.
 */
side?: Side, 
/**
 * Reason, where it was withdrawn.
 */
yanked?: string, 
/**
 * What sources say against this version, the worst first.
 */
advice?: Array<Advice>, installed: boolean, fits: boolean, 
/**
 * What changed, Markdown turned into safe HTML.
 */
changes_html?: string, };

export type Need = { 
/**
 * `depends`, `recommends`, `suggests` or `conflicts`.
 */
relation: string, 
/**
 * Any one of these is enough.
 */
any_of: Array<NeedOption>, 
/**
 * Titles of the features that bring it; empty where it is needed in any case.
 */
for_features?: Array<string>, };

export type NeedOption = { title: string, 
/**
 * Acceptable versions.
 */
range: string, 
/**
 * In the profile already.
 */
present: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type KeyPeriod = { 
/**
 * SHA-256 of the key set.
 */
key: string, 
/**
 * The same fingerprint in words.
 */
key_words: string, 
/**
 * `pinned` (the first that was accepted), `handed-over` (the one before signed it), `decided` (by the player),
 * `changed` (not written down how) or `shown` (by the source, and not accepted).
 */
how: string, since: string, until?: string, 
/**
 * In words, what came in its place.
 */
replaced_by?: string, 
/**
 * When this machine learned that its owner withdrew it.
 */
withdrawn?: string, };

export type Trust = { signature: Signature, 
/**
 * SHA-256 of the publisher's key set.
 */
key?: string, 
/**
 * The same fingerprint in words.
 */
key_words?: string, 
/**
 * When this machine first accepted the key.
 */
pinned?: string, 
/**
 * The key that the source shows now, where it is another one.
 */
presented_key?: string, 
/**
 * The keys that this machine saw, newest first.
 */
history?: Array<KeyPeriod>, };

export type Wish = { 
/**
 * Acceptable versions (`^1.2`, `=1.4.0`); absent means any.
 */
range?: string, 
/**
 * Archive hash that the player saw (from a link or a list); another one stops the job.
 */
sha256?: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type ChangeRequest = { 
/**
 * Absent means the active profile.
 */
profile?: string, install: Array<Wish>, remove: Array<PackageKey>, 
/**
 * Move these to the newest version that fits.
 */
update: Array<PackageKey>, update_all: boolean, enable: Array<PackageKey>, disable: Array<PackageKey>, 
/**
 * Switch off because somebody advises against them.
 */
quarantine?: Array<PackageKey>, 
/**
 * Keep these at the version that they have after the change.
 */
hold?: Array<Hold>, 
/**
 * Hold these no more.
 */
unhold?: Array<PackageKey>, 
/**
 * Packages that get a channel of their own, or lose it.
 */
channels?: Array<Follow>, 
/**
 * Features of packages that the player wants or does without from now on.
 */
features?: Array<ChooseFeature>, 
/**
 * The channel of the profile: what counts for packages that have none of their own.
 */
channel?: ReleaseChannel, 
/**
 * What the profile is for from now on. What is installed has to fit as well.
 */
side?: Side, 
/**
 * What the profile's game runs on, where the player says something else than before.
 */
platform?: RunsOn, 
/**
 * Needed packages that are taken from other sources; remembered as long as they are there.
 */
map?: Array<Mapping>, 
/**
 * The load order that the player wants, the first to load first; packages that it does not name come behind. Absent
 * leaves it as it is.
 */
order?: Array<PackageKey>, 
/**
 * Packages of collections that come with this change and are not wanted.
 */
without?: Array<PackageKey>, 
/**
 * Digest of the preview that the player agreed to; a different plan is refused.
 */
agreed?: string, };

export type PlanAction = "add" | "change" | "remove" | "enable" | "disable";

export type PlanItem = { action: PlanAction, title: string, publisher: string, 
/**
 * Version before; absent for additions.
 */
from?: string, 
/**
 * Version after; absent for removals.
 */
to?: string, 
/**
 * Archive size; 0 for removals.
 */
size: number, 
/**
 * Bytes of it that are on this machine already.
 */
here: number, 
/**
 * Packages that need it; empty where the player asked for it.
 */
needed_by: Array<string>, 
/**
 * Those of `needed_by` that need it only for features of theirs.
 */
for_features?: Array<ForFeature>, license?: string, seal: Seal, signature: Signature, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type PlanPreview = { profile: string, 
/**
 * Send it back as `agreed`.
 */
digest: string, items: Array<PlanItem>, 
/**
 * Whether the profile remembers a choice that it did not, as what was asked for or how ripe; also where nothing moves.
 */
remembers?: boolean, 
/**
 * Packages that stay as they are.
 */
keeps: number, 
/**
 * Bytes to download.
 */
download: number, 
/**
 * Bytes of archives already here.
 */
here: number, 
/**
 * Bytes after unpacking, where known.
 */
unpacked: number, 
/**
 * What the player must know or decide first; a blocking one cannot be agreed away.
 */
notices: Array<Notice>, 
/**
 * What goes well with what comes; to have one of them, add it to `install` and ask again.
 */
offers?: Array<PlanOffer>, 
/**
 * Features of what comes or moves, and of packages whose features the request chooses; to choose otherwise, add it to
 * `features` and ask again.
 */
features?: Array<PlanFeatures>, };

export type OfferStrength = "recommended" | "suggested";

export type PlanOffer = { strength: OfferStrength, 
/**
 * The one that was meant first at the beginning.
 */
options: Array<PlanOption>, 
/**
 * Titles of the packages that speak for them.
 */
wanted_by: Array<string>, };

export type PlanOption = { title: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Notice = { blocking: boolean, code: string, context?: { [key in string]: string }, };

export type LinkRequest = { link: string, };

export type LinkInspection = { "kind": "package", package: PackageRow, plan: PlanPreview, 
/**
 * Send it as it is to agree to the plan.
 */
request: ChangeRequest, } | { "kind": "present", package: PackageRow, } | { "kind": "unknown-source", source: string, package: string, } | { "kind": "add-source", root: string, root_words: string, address: string, known: boolean, } | { "kind": "lobby", peers: Array<string>, } | { "kind": "refused", problem: Problem, };

export type FetchStage = "asking" | "receiving" | "joining";

export type FetchStep = { stage: FetchStage, 
/**
 * Bytes that came.
 */
bytes: number, 
/**
 * Objects (files and folders) that the stage is through with, and how many it has; 0 where it counts none.
 */
objects: number, objects_total: number, };

export type JobKind = "change" | "go-back" | "repair" | "sync" | "look";

export type Phase = "waiting" | "resolving" | "planning" | "fetching" | "unpacking" | "deploying" | "committing" | "done" | "failed" | "cancelled";

export type Job = { id: string, kind: JobKind, phase: Phase, profile?: string, 
/**
 * What the player asked for, by title.
 */
subjects: Array<string>, members: Array<JobMember>, 
/**
 * Bytes fetched and to fetch, over all members.
 */
done: number, total: number, 
/**
 * How far the repository is that is being fetched for a source.
 */
step?: FetchStep, created: string, updated: string, can_cancel: boolean, problem?: Problem, 
/**
 * The generation that it made.
 */
generation?: number, };

export type JobChange = { 
/**
 * What it is about (subjects and members) is what this connection was told last, and is left out here.
 */
is_as_before: boolean, id: string, kind: JobKind, phase: Phase, profile?: string, 
/**
 * What the player asked for, by title.
 */
subjects: Array<string>, members: Array<JobMember>, 
/**
 * Bytes fetched and to fetch, over all members.
 */
done: number, total: number, 
/**
 * How far the repository is that is being fetched for a source.
 */
step?: FetchStep, created: string, updated: string, can_cancel: boolean, problem?: Problem, 
/**
 * The generation that it made.
 */
generation?: number, };

export type JobMember = { title: string, 
/**
 * Version after the job; absent for removals.
 */
version?: string, size: number, 
/**
 * The transfer that brings it, where it is not here already.
 */
sha256?: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Profile = { id: string, name: string, game: string, game_title: string, 
/**
 * Installation it is deployed to.
 */
installation: string, 
/**
 * Meant where no profile is named.
 */
active: boolean, 
/**
 * Its files are in the game's folders.
 */
placed?: boolean, generation: number, on: number, off: number, updates: number, problems: number, 
/**
 * What the profile is for when the game is played over a network.
 */
side?: Side, 
/**
 * What the player says that the game runs on; absent where it is found out.
 */
platform?: Platform, 
/**
 * What the game runs on.
 */
runs_on?: Platform, 
/**
 * World that the packages are switched on in, where the game has worlds.
 */
world?: string, 
/**
 * The least ripe releases that the player wants of its packages; absent means finished ones.
 */
channel?: ReleaseChannel, };

export type ProfileDetail = { entries: Array<ProfileEntry>, 
/**
 * Newest first.
 */
generations: Array<Generation>, 
/**
 * Folders that belong to the profile, by name of the place.
 */
places: { [key in string]: string }, 
/**
 * How files get there, as far as that was tried out: at the first change.
 */
storage?: Array<PlaceStorage>, 
/**
 * Text of `muster.lock`.
 */
lock: string, id: string, name: string, game: string, game_title: string, 
/**
 * Installation it is deployed to.
 */
installation: string, 
/**
 * Meant where no profile is named.
 */
active: boolean, 
/**
 * Its files are in the game's folders.
 */
placed?: boolean, generation: number, on: number, off: number, updates: number, problems: number, 
/**
 * What the profile is for when the game is played over a network.
 */
side?: Side, 
/**
 * What the player says that the game runs on; absent where it is found out.
 */
platform?: Platform, 
/**
 * What the game runs on.
 */
runs_on?: Platform, 
/**
 * World that the packages are switched on in, where the game has worlds.
 */
world?: string, 
/**
 * The least ripe releases that the player wants of its packages; absent means finished ones.
 */
channel?: ReleaseChannel, };

export type ProfileEntry = { title: string, publisher: string, seal: Seal, kind: string, version: string, size: number, enabled: boolean, 
/**
 * Whether the player asked for it.
 */
wished: boolean, 
/**
 * Kept at this version, for this reason (empty if none was given).
 */
held?: string, 
/**
 * The least ripe releases that the player wants of it, where that is not the profile's.
 */
channel?: ReleaseChannel, 
/**
 * Titles of what needs it.
 */
needed_by: Array<string>, update?: string, 
/**
 * A newer version that the player does not want.
 */
skipped?: string, problem?: Reason, 
/**
 * What sources say against this version, the worst first.
 */
advice?: Array<Advice>, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Generation = { number: number, at: string, 
/**
 * `cause-<code>` in the message files, with titles as values.
 */
cause: Reason, name?: string, current: boolean, };

export type NewProfile = { name: string, game: string, 
/**
 * Absent means the first installation found.
 */
installation?: string, 
/**
 * Folder that holds the game's data, for an installation that was not found.
 */
folder?: string, };

export type ProfilePatch = { name?: string, active?: boolean, 
/**
 * Name of a world of the installation; an empty text unbinds.
 */
world?: string, };

export type Why = { title: string, version: string, 
/**
 * Whether the player asked for it.
 */
wished: boolean, 
/**
 * Where it is needed when the game is played over a network; absent where that is everywhere.
 */
side?: Side, 
/**
 * One way from each package that the player asked for and that leads here, ends included; shortest first. A way that
 * holds whatever is switched on goes before a shorter one that does not.
 */
chains: Array<Array<WhyStep>>, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type WhyStep = { title: string, 
/**
 * Titles of its features, all of them on, without which it would not need the next package; empty where it does in any
 * case.
 */
for_features?: Array<string>, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type CloneRequest = { name: string, };

export type RemovedProfile = { id: string, name: string, game: string, packages: number, removed: string, 
/**
 * When it is forgotten for good.
 */
forgotten: string, };

export type RestoreRequest = { 
/**
 * Another name, where its own is taken meanwhile.
 */
name?: string, };

export type GenerationPatch = { name: string, };

export type GenerationDifference = { from: number, to: number, items: Array<DifferenceItem>, };

export type DifferenceItem = { action: PlanAction, title: string, 
/**
 * Version before; absent for additions.
 */
from?: string, 
/**
 * Version after; absent for removals.
 */
to?: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type PruneRequest = { 
/**
 * So many of the newest.
 */
keep: number, 
/**
 * All that are at most so many days old.
 */
days: number, };

export type PruneReport = { 
/**
 * Numbers of the states that went, in their order.
 */
forgotten: Array<number>, };

export type VanillaProof = { 
/**
 * The profile whose files are there.
 */
placed?: string, 
/**
 * Whether Muster ever placed anything there; without that there is nothing to prove.
 */
recorded: boolean, 
/**
 * What was there was written down only after files had been placed.
 */
late: boolean, 
/**
 * Nothing of Muster is there, and everything that was there is as it was.
 */
original: boolean, 
/**
 * Files of Muster, and files with lines of it, that are there.
 */
ours: number, counts: VanillaCounts, 
/**
 * Displaced once, back now: the same bytes.
 */
equal: Array<PlaceFile>, 
/**
 * Never touched: the same size, time and inode.
 */
unchanged: Array<PlaceFile>, departed: Array<Departed>, modded: Array<Modded>, };

export type KeptWhy = "replaced" | "displaced" | "hidden" | "found";

export type KeptVersion = { 
/**
 * Names it in requests.
 */
id: string, 
/**
 * Where it was, where that is known.
 */
file?: PlaceFile, sha256: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * When the file was changed last, RFC 3339.
 */
modified: string, why: KeptWhy, 
/**
 * The package in whose place, or with which, it comes back.
 */
package?: string, };

export type KeptRestore = { ids: Array<string>, 
/**
 * Where to, for a single version; where it was otherwise.
 */
to?: PlaceFile, };

export type KeptFree = { ids: Array<string>, };

export type KeptFreed = { versions: number, bytes: number, };

export type SavesWhen = "off" | "before-large";

export type Saves = { when: SavesWhen, 
/**
 * Most bytes that all snapshots take together.
 */
quota: number, 
/**
 * Most snapshots.
 */
keep: number, 
/**
 * Where saves lie; none at all where the game's definition says nothing of saves.
 */
folders: Array<SavesFolder>, 
/**
 * The newest first.
 */
snapshots: Array<SavesSnapshot>, 
/**
 * Bytes of all snapshots together; what is in several counts once.
 */
used: number, };

export type SavesFolder = { kind: string, folder: string, };

export type SaveName = { kind: string, name: string, };

export type SavesSnapshot = { number: number, 
/**
 * RFC 3339.
 */
at: string, 
/**
 * `by-hand`, `before-restore`, or `before-` and the cause of the change.
 */
why: Reason, saves: Array<SaveName>, files: number, 
/**
 * Bytes.
 */
size: number, 
/**
 * Files that are not in it, because not every system can have their names.
 */
left_out: number, };

export type SavesRulesPatch = { when?: SavesWhen, quota?: number, keep?: number, };

export type SavesRestore = { 
/**
 * Names of saves; all of the snapshot where there are none.
 */
saves: Array<string>, };

export type VanillaCounts = { equal: number, unchanged: number, departed: number, modded: number, };

export type PlaceFile = { place: string, path: string, };

export type Departure = "changed" | "gone" | "new";

export type Departed = { how: Departure, place: string, path: string, };

export type Modded = { 
/**
 * Whose mark it is.
 */
of: string, place: string, path: string, };

export type Keeping = "mine" | "theirs" | "both";

export type Drift = { 
/**
 * Nothing is decided: they stay as they are.
 */
undecided: Array<FileFinding>, 
/**
 * They are gone; a repair brings them back.
 */
missing: Array<FileFinding>, 
/**
 * Of these the profile has a version of its own.
 */
own: Array<OwnFile>, };

export type OwnFile = { keep: Keeping, 
/**
 * The package changed the same lines; the player's stand.
 */
conflict: boolean, place: string, path: string, };

export type DriftDecision = { keep: Keeping, 
/**
 * None at all means every one.
 */
files: Array<PlaceFile>, };

export type AdoptionRequest = { 
/**
 * Absent: the profile whose folders the path means, else the current one.
 */
profile?: string, 
/**
 * With a path that no profile means: makes a profile of this game for that folder.
 */
game?: string, 
/**
 * One mod, a folder of mods, or the folder of another manager's profile; absolute. Absent: all of the profile's.
 */
path?: string, 
/**
 * The digest of the preview that the player agreed to.
 */
agreed?: string, };

export type Severity = "broken" | "vulnerable" | "malware";

export type Advice = { 
/**
 * Name inside the source.
 */
id: string, severity: Severity, 
/**
 * One line of plain text.
 */
text: string, 
/**
 * Source id.
 */
source: string, 
/**
 * The player's short name of the source.
 */
source_name: string, published: string, 
/**
 * The first version without the fault.
 */
fixed_in?: string, 
/**
 * `https` address of a page that says more.
 */
more?: string, };

export type AuditFinding = { profile: string, profile_name: string, title: string, version: string, 
/**
 * Switched on in its profile.
 */
enabled: boolean, 
/**
 * Switched on, and the profile's files are in the game's folders.
 */
placed: boolean, 
/**
 * The worst first.
 */
advice: Array<Advice>, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type AuditReport = { 
/**
 * Packages that were looked at.
 */
packages: number, findings: Array<AuditFinding>, 
/**
 * When the source that was refreshed the longest ago was; absent where one never was.
 */
checked?: string, };

export type Hold = { 
/**
 * Why, in the player's words.
 */
reason?: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type ReleaseChannel = "dev" | "beta" | "stable";

export type Side = "client" | "server" | "both";

export type Platform = "linux" | "windows" | "macos";

export type RunsOn = "automatic" | "linux" | "windows" | "macos";

export type Follow = { 
/**
 * Absent means those of the profile.
 */
channel?: ReleaseChannel, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type ChooseFeature = { 
/**
 * Its name inside the package.
 */
feature: string, 
/**
 * Absent means as the package's author says.
 */
on?: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Feature = { 
/**
 * Its name inside the package.
 */
id: string, title: string, summary: string, 
/**
 * Whether it is on where the player says nothing.
 */
default: boolean, on: boolean, 
/**
 * Whether the version that is in the profile does not have it.
 */
new?: boolean, 
/**
 * Titles of the packages that it brings.
 */
brings: Array<string>, };

export type ForFeature = { package: string, feature: string, };

export type PlanFeatures = { title: string, features: Array<Feature>, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Mapping = { 
/**
 * Id of the source that it is taken from.
 */
from: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type SourcePatch = { 
/**
 * A source that is off is neither asked nor shown; nothing that it said is lost.
 */
enabled?: boolean, 
/**
 * Place in the player's order, from 0.
 */
place?: number, };

export type AdoptionPlan = { 
/**
 * Absent where one will be made.
 */
profile?: string, game: string, digest: string, adopted: Array<AdoptedMod>, 
/**
 * Never moved and never deleted.
 */
yours: Array<YoursEntry>, 
/**
 * Things that belong to the profile already.
 */
managed: number, 
/**
 * They lie in the folder of another manager's profile: the game gets files of its own, and that folder stays as it is.
 */
copied: boolean, };

export type ManagedProfile = { manager: Manager, game: string, game_title: string, 
/**
 * Whether the game was found on this machine, or a profile of it is here.
 */
game_found: boolean, name: string, 
/**
 * Its folder, absolute.
 */
path: string, 
/**
 * Mods that it lists.
 */
mods: number, };

export type Manager = "r2modman" | "thunderstore-mod-manager" | "gale";

export type AdoptedMod = { place: string, 
/**
 * Of its folder or file.
 */
name: string, title: string, version?: string, 
/**
 * The package whose archive it is, byte for byte; absent where only a manifest names it.
 */
package?: PackageKey, 
/**
 * The package of a source that has this name and version; nothing proves that it is the same.
 */
known_as?: PackageKey, files: number, 
/**
 * Bytes.
 */
size: number, };

export type YoursEntry = { place: string, name: string, files: number, 
/**
 * Bytes.
 */
size: number, why: YoursReason, };

export type YoursReason = "unknown" | "off" | "odd";

export type HostLobby = { 
/**
 * The one that is shown first otherwise.
 */
profile?: string, 
/**
 * For people; the profile's name otherwise.
 */
name?: string, 
/**
 * `ADDRESS:PORT` at which others reach this machine; found out otherwise.
 */
addresses: Array<string>, 
/**
 * 1 to 168.
 */
hours: number, 
/**
 * Packages of the profile that guests may leave out.
 */
optional?: Array<PackageKey>, 
/**
 * The page (`https://…`) to go back to once the lobby was joined.
 */
back?: string, 
/**
 * Sign with a key that stays from lobby to lobby, too: guests can know the host again, and so can others.
 */
known?: boolean, };

export type HostedLobby = { name: string, game: string, profile: string, 
/**
 * Leads others here.
 */
link: string, 
/**
 * The same with the ticket in it, where that is small: nobody has to be asked for it.
 */
full_link?: string, 
/**
 * The ticket itself, for those who cannot reach this machine.
 */
ticket: string, since: string, 
/**
 * Until when others can join.
 */
expires: string, packages: number, 
/**
 * How many of them guests may leave out.
 */
optional: number, back?: string, 
/**
 * Words of the key by which guests know the host again.
 */
host_words?: string, 
/**
 * Titles of packages that others cannot get.
 */
left_out: Array<string>, 
/**
 * Whether others can fetch the ticket from here right now.
 */
offered: boolean, 
/**
 * Who joined and says so, by seat.
 */
players: Array<LobbyPlayer>, };

export type LobbyRequest = { 
/**
 * The players whom it names are asked for its ticket.
 */
link?: string, 
/**
 * The ticket itself.
 */
ticket?: string, 
/**
 * What is left out; those that are optional and not verified, where it is absent. Joining takes it as it was shown.
 */
without?: Array<PackageKey>, };

export type LobbyOptional = { title: string, verified: boolean, left_out: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type LobbyHost = { key: string, words: string, 
/**
 * Its lobbies are joined without asking.
 */
allowed: boolean, };

export type KnownHost = { key: string, words: string, 
/**
 * What the lobby was called in which that was said.
 */
lobby: string, since: string, };

export type LobbyOffer = { name: string, game: string, expires: string, 
/**
 * Players whom the ticket names.
 */
peers: number, packages: number, sources: Array<SharedSource>, 
/**
 * Names the very ticket that was looked at.
 */
digest: string, 
/**
 * The profile that comes back afterwards.
 */
own_profile: string, own_name: string, 
/**
 * What the player was called in the lobby before; may be empty.
 */
your_name: string, 
/**
 * What may be left out, and what is.
 */
optional: Array<LobbyOptional>, 
/**
 * The page to go back to afterwards.
 */
back?: string, 
/**
 * Absent where the host cannot be known again.
 */
host?: LobbyHost, 
/**
 * Something in it has to be decided, whoever the host is: it is not verified, of a new publisher, or there is a notice.
 */
asks: boolean, 
/**
 * Absent where sources are missing.
 */
plan?: PlanPreview, };

export type JoinLobby = { lobby: LobbyRequest, 
/**
 * Of the offer.
 */
digest: string, 
/**
 * The digest of the offer's plan.
 */
agreed?: string, 
/**
 * What the player is called there, for the others; at most 24 characters. The one of last time otherwise.
 */
name?: string, 
/**
 * Later lobbies of this host are joined without asking, where nothing in them has to be decided.
 */
remember_host?: boolean, };

export type LobbyPhase = "bringing" | "placing" | "ready" | "playing" | "returning";

export type LobbyStep = "joining" | "bringing" | "placing" | "ready" | "playing" | "left";

export type LobbyPlayer = { 
/**
 * Tells those apart who give no name, or the same; counted from 1.
 */
seat: number, 
/**
 * At most 24 characters; may be empty.
 */
name: string, step: LobbyStep, 
/**
 * Bytes that are there, of those that the lobby's mods have; zero while it is not known.
 */
done: number, total: number, 
/**
 * When the host heard of them first, and last.
 */
since: string, heard: string, 
/**
 * They have not been heard of for 40 seconds.
 */
silent: boolean, 
/**
 * The player of this service.
 */
you: boolean, };

export type JoinedLobby = { name: string, game: string, phase: LobbyPhase, 
/**
 * The lobby's own profile.
 */
profile: string, 
/**
 * The name of the profile that comes back; absent where none was in place.
 */
own_name?: string, 
/**
 * What is under way for it.
 */
job?: Job, 
/**
 * Why the last step did not succeed.
 */
problem?: Problem, 
/**
 * When it was joined.
 */
since?: string, 
/**
 * Until when others can join.
 */
expires?: string, 
/**
 * Everybody who joined, as the host says.
 */
players: Array<LobbyPlayer>, 
/**
 * When the host said so last; absent where it has not.
 */
heard?: string, 
/**
 * The page to go back to.
 */
back?: string, };

export type Lobbies = { hosted?: HostedLobby, joined?: JoinedLobby, 
/**
 * Hosts whose lobbies are joined without asking.
 */
hosts: Array<KnownHost>, };

export type SharedText = { 
/**
 * The document as `docs/formats/profile.md` describes it, without owners and signatures.
 */
text: string, packages: number, 
/**
 * Titles of packages that others cannot get: they lie on this machine only.
 */
left_out: Array<string>, };

export type SharedRequest = { profile: string, 
/**
 * A web address, or an absolute path of a file.
 */
address?: string, 
/**
 * Its text. Without address and text: where the profile follows it.
 */
text?: string, 
/**
 * Packages that it does not have stay; otherwise they go.
 */
keep_others: boolean, };

export type SharedOwner = { fingerprint: string, 
/**
 * The same in words.
 */
words: string, signed: boolean, };

export type SharedSource = { id: string, 
/**
 * Where its writer has it from. A hint: to be added by the player, or not.
 */
address?: string, 
/**
 * Whether the player has it.
 */
here: boolean, };

export type SharedOffer = { name: string, game: string, version: number, written: string, 
/**
 * What changed, in its owners' words.
 */
note: string, 
/**
 * What its writer's profile is for, where that is said; the player's own stays what it is.
 */
side?: Side, 
/**
 * What its writer chose that the game runs on.
 */
platform?: Platform, 
/**
 * Packages that stay out because the player's profile is for the other side of a network game.
 */
other_side?: number, owners: Array<SharedOwner>, packages: number, sources: Array<SharedSource>, 
/**
 * Names the very text that was looked at.
 */
digest: string, 
/**
 * Absent where nothing is to be done, or where sources are missing.
 */
plan?: PlanPreview, };

export type ApplyShared = { shared: SharedRequest, 
/**
 * Of the offer.
 */
digest: string, 
/**
 * The digest of the offer's plan, where it has one.
 */
agreed?: string, 
/**
 * Look for its next versions at the same address.
 */
follow: boolean, };

export type CollectionAim = "have" | "leave" | "leave-alone";

export type CollectionRequest = { profile: string, collection: PackageKey, aim?: CollectionAim, 
/**
 * Acceptable versions of it; the newest counts. Absent means any.
 */
range?: string, 
/**
 * Packages of it that are left to choice and were chosen.
 */
with?: Array<PackageKey>, 
/**
 * Packages of it that are not wanted.
 */
without?: Array<PackageKey>, };

export type MemberState = "here" | "comes" | "goes" | "yours" | "taken-out" | "left-out" | "not-chosen" | "other-side" | "missing";

export type CollectionMember = { title: string, 
/**
 * Versions that the collection wants, as people write them.
 */
range: string, optional: boolean, 
/**
 * In the profile; absent where it is not there.
 */
version?: string, state: MemberState, 
/**
 * Whether its source is one of the player's.
 */
source_here: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type CollectionOffer = { title: string, 
/**
 * The version that the profile has; absent where it has none.
 */
from?: string, 
/**
 * The version that it would have; absent where the collection goes.
 */
to?: string, members: Array<CollectionMember>, 
/**
 * What brings it about; to be planned, agreed to and made like any change.
 */
change: ChangeRequest, 
/**
 * Absent where nothing is to be done.
 */
plan?: PlanPreview, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type MemberCount = { state: MemberState, count: number, };

export type Collection = { title: string, version: string, 
/**
 * The newest version, where it is newer.
 */
update?: string, 
/**
 * Empty where its list cannot be read now.
 */
members: Array<MemberCount>, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type VersionChanges = { version: string, published?: string, 
/**
 * Markdown, without what cannot be seen; absent where the version says nothing.
 */
text?: string, 
/**
 * The same as HTML that is safe to place.
 */
html?: string, };

export type Changes = { title: string, 
/**
 * The version that is there, not part of it; absent where nothing is installed.
 */
from?: string, to: string, 
/**
 * Newest first.
 */
versions: Array<VersionChanges>, 
/**
 * How many older ones are left out.
 */
more: number, 
/**
 * Whether the source says such things at all.
 */
told: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type UpdatePolicy = "off" | "fetch" | "apply";

export type Skip = { 
/**
 * The version on offer, as it was shown; absent offers everything again.
 */
version?: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Subscription = { 
/**
 * `off` ends it.
 */
policy: UpdatePolicy, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type UpkeepPatch = { policy?: UpdatePolicy, subscribe?: Array<Subscription>, skip?: Array<Skip>, };

export type SubscriptionEntry = { title: string, policy: UpdatePolicy, 
/**
 * Whether the profile has the package; a subscription waits for it.
 */
installed: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type UpkeepState = "waits" | "comes" | "ready" | "asks";

export type UpkeepItem = { title: string, from?: string, to: string, state: UpkeepState, 
/**
 * When what waits is on offer for long enough.
 */
until?: string, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type Upkeep = { profile: string, profile_name: string, policy: UpdatePolicy, subscriptions: Array<SubscriptionEntry>, items: Array<UpkeepItem>, 
/**
 * Why something waits, or why the player has to decide: `notice-<code>` in the message files.
 */
reasons: Array<Reason>, 
/**
 * Why it could not be looked at.
 */
problem?: Problem, 
/**
 * When it was looked at last, in this run of the service.
 */
checked?: string, };

export type PackRequest = { 
/**
 * Absent: it is only looked at.
 */
profile?: string, 
/**
 * Absolute path of a file on this machine.
 */
path?: string, 
/**
 * A web address that gives the file itself.
 */
address?: string, 
/**
 * A code under which Thunderstore keeps a profile.
 */
code?: string, 
/**
 * The game of a profile whose list does not say it, where no profile is named.
 */
game?: string, 
/**
 * Packages that it does not have stay; otherwise they go.
 */
keep_others: boolean, };

export type PackForm = "modrinth" | "export";

export type PackState = "found" | "other-version" | "by-address" | "unknown" | "refused";

export type PackRefusal = "program" | "outside" | "protected" | "name" | "address";

export type PackMod = { 
/**
 * As the pack names it.
 */
name: string, 
/**
 * Empty where the pack does not say it.
 */
version: string, 
/**
 * Bytes; 0 where the pack does not say it.
 */
size: number, enabled: boolean, state: PackState, package?: PackageKey, 
/**
 * The newest version that a source has, where it does not have this one.
 */
newest?: string, 
/**
 * The host that it is fetched from.
 */
host?: string, why?: PackRefusal, };

export type PackFile = { 
/**
 * Below the folder of the game.
 */
path: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Why it stays behind; absent where it comes along.
 */
why?: PackRefusal, };

export type PackNeed = { what: string, version: string, };

export type PackOffer = { name: string, 
/**
 * Empty where the pack does not say it.
 */
version: string, form: PackForm, game: string, needs: Array<PackNeed>, mods: Array<PackMod>, files: Array<PackFile>, 
/**
 * Sources that would have its mods, by the word that adds them; the player adds them or not.
 */
missing_sources: Array<string>, 
/**
 * Names what was looked at and found.
 */
digest: string, 
/**
 * What would become of the packages that sources have. What is made of the pack's own files is not in it. Absent
 * where the profile has them already, is of another game, or was not named.
 */
plan?: PlanPreview, };

export type TakePack = { pack: PackRequest, 
/**
 * Of the offer.
 */
digest: string, };

export type Followed = { profile: string, 
/**
 * The name of the player's own profile.
 */
profile_name: string, address: string, 
/**
 * The name that its owners gave it.
 */
name: string, 
/**
 * The version that the player agreed to last.
 */
version: number, 
/**
 * The newest version that was seen; more than `version` is news.
 */
seen: number, keep_others: boolean, checked?: string, problem?: Problem, };

export type FileTexts = { 
/**
 * The package's file that the player changed; absent where it is gone.
 */
base?: string, mine: string, 
/**
 * The package's file as it is now; absent where no package has it as a text any more.
 */
theirs?: string, 
/**
 * The player's with what the package changed since, as keeping both would place it.
 */
merged?: string, 
/**
 * Both changed the same lines; keeping both would place the player's.
 */
conflict: boolean, };

export type LoadOrder = { 
/**
 * The first to load first.
 */
packages: Array<OrderedPackage>, 
/**
 * What packages that are switched on ask for and get.
 */
wishes: Array<OrderStep>, 
/**
 * Wishes that go round in a circle; the first step of each gave way.
 */
cycles: Array<Array<OrderStep>>, };

export type OrderedPackage = { title: string, 
/**
 * The player chose its place.
 */
chosen: boolean, 
/**
 * One that is switched off is not loaded, and keeps its place.
 */
enabled: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type OrderStep = { earlier: PackageKey, later: PackageKey, 
/**
 * Sentence in the message files: `order-needs`, `order-load-before`, `order-load-after`.
 */
reason: string, };

export type OrderRequest = { 
/**
 * The first to load first; packages that it does not name come behind.
 */
order: Array<PackageKey>, };

export type OrderPlan = { 
/**
 * Packages that are switched on, as they would count.
 */
packages: Array<PackageKey>, 
/**
 * All files that would change hands.
 */
total: number, 
/**
 * At most 1000 of them, those with other bytes first.
 */
files: Array<FileHandover>, };

export type FileHandover = { place: string, path: string, from: PackageKey, to: PackageKey, 
/**
 * Both hold the same bytes.
 */
same_content: boolean, };

export type Conflicts = { 
/**
 * All there are.
 */
total: number, 
/**
 * Those with different bytes first, then by place and path.
 */
files: Array<FileConflict>, };

export type FileConflict = { place: string, path: string, winner: PackageKey, 
/**
 * In load order.
 */
losers: Array<ConflictLoser>, };

export type ConflictLoser = { 
/**
 * Sentence in the message files: `win-needs`, `win-load-before`, `win-load-after`, `win-player`, `win-order`.
 */
why: string, 
/**
 * It holds the same bytes as the winner's.
 */
same_content: boolean, 
/**
 * Source id, never an alias.
 */
source: string, 
/**
 * `publisher/name` in registries, opaque elsewhere.
 */
id: string, };

export type VerifyReport = { profile: string, 
/**
 * Files exactly as they were placed.
 */
intact: number, 
/**
 * Configuration files that the player changed, and files of the game with lines of Muster: nothing is wrong.
 */
edited?: Array<FileFinding>, changed: Array<FileFinding>, missing: Array<FileFinding>, 
/**
 * Archives whose bytes no longer match.
 */
damaged_archives: Array<string>, };

export type FileFinding = { place: string, path: string, package: string, };

export type LaunchRequest = { 
/**
 * Start the game's own server on a world made for the test, read its log and stop it.
 */
prove: boolean, };

export type LaunchReport = { 
/**
 * Process of the started game; 0 after a proof.
 */
pid: number, 
/**
 * Program and arguments.
 */
command: Array<string>, 
/**
 * Names that the game's log reports as loaded.
 */
loaded: Array<string>, 
/**
 * Names that should have been loaded and were not.
 */
not_loaded: Array<string>, 
/**
 * Lines of the log that show it.
 */
evidence: Array<string>, 
/**
 * Lines of the log that report errors.
 */
errors: Array<string>, };

export type Lane = "lobby-urgent" | "user" | "background";

export type TransferState = "queued" | "active" | "checking" | "paused" | "done" | "failed";

export type Transfer = { 
/**
 * Identity: SHA-256 of the archive.
 */
sha256: string, name: string, lane: Lane, position: number, state: TransferState, 
/**
 * Why it does not run, where it does not.
 */
reason?: Reason, size: number, 
/**
 * Bytes that were on this machine already.
 */
here: number, from_peers: number, from_servers: number, 
/**
 * Bytes per second.
 */
down: number, up: number, peers: number, 
/**
 * Seconds left, where it can be told.
 */
eta?: number, };

export type TransferSum = { 
/**
 * Archives, and how many of them are complete.
 */
archives: number, complete: number, 
/**
 * Bytes, those of them that are on this machine, and those that are still to come.
 */
total: number, done: number, left: number, 
/**
 * Bytes by where they came from: this machine, peers, servers.
 */
here: number, from_peers: number, from_servers: number, 
/**
 * Bytes per second.
 */
down: number, 
/**
 * Seconds left, where it can be told.
 */
eta?: number, };

export type TransferGroup = { job: string, 
/**
 * What the player asked for, by title.
 */
subjects: Array<string>, 
/**
 * Archives, and how many of them are complete.
 */
archives: number, complete: number, 
/**
 * Bytes, those of them that are on this machine, and those that are still to come.
 */
total: number, done: number, left: number, 
/**
 * Bytes by where they came from: this machine, peers, servers.
 */
here: number, from_peers: number, from_servers: number, 
/**
 * Bytes per second.
 */
down: number, 
/**
 * Seconds left, where it can be told.
 */
eta?: number, };

export type Transfers = { transfers: Array<Transfer>, paused: boolean, down: number, down_peers: number, down_servers: number, up: number, 
/**
 * What belongs together: the archives of each unfinished job, oldest first.
 */
groups: Array<TransferGroup>, 
/**
 * Everything that is on its way, each archive counted once.
 */
all: TransferSum, };

export type TransfersChange = { 
/**
 * Each takes the place of the one with the same hash; new ones come behind those that are known.
 */
changed: Array<Transfer>, 
/**
 * Hashes of those that are not listed any more.
 */
gone: Array<string>, paused: boolean, down: number, down_peers: number, down_servers: number, up: number, 
/**
 * Without their subjects, which are those of their jobs.
 */
groups: Array<TransferGroup>, all: TransferSum, };

export type TransferCommand = { action: TransferAction, sha256?: string, 
/**
 * For `move`.
 */
lane?: Lane, 
/**
 * For `move`: place in the lane, first is 0.
 */
position?: number, };

export type TransferAction = "pause" | "resume" | "move" | "retry" | "cancel";

export type AddPeers = { 
/**
 * `address:port`.
 */
peers: Array<string>, };

export type PeerVia = "named" | "lan" | "tracker" | "dht" | "pex" | "incoming";

export type PeerState = "idle" | "taking" | "giving" | "both";

export type Peer = { 
/**
 * `address:port`. Shown nowhere else.
 */
address: string, via: PeerVia, 
/**
 * What the peer calls its program; text from outside.
 */
client?: string, 
/**
 * It has the whole archive.
 */
is_seed: boolean, 
/**
 * Bytes that came from it and went to it.
 */
down: number, up: number, 
/**
 * Bytes per second.
 */
down_rate: number, up_rate: number, 
/**
 * Blocks of it that were not what was signed.
 */
wrong_blocks: number, state: PeerState, };

export type ArchivePeers = { sha256: string, name: string, 
/**
 * How many are connected.
 */
connected: number, peers: Array<Peer>, };

export type PlaceStorage = { place: string, folder: string, 
/**
 * `reflink`: shared blocks, each file one of its own; `hard-link`: one file with two names; `copy`. Configuration
 * files are always copied.
 */
method: string, 
/**
 * Why not in a better way.
 */
reason: Reason, 
/**
 * Folder where its packages are unpacked; absent where that is Muster's data folder.
 */
store?: string, };

export type StoreSpace = { folder: string, 
/**
 * Its disk is not there: nothing can be said.
 */
away: boolean, packages: number, 
/**
 * Of packages that one profile has.
 */
unique: number, 
/**
 * Of packages that several profiles have, each counted once.
 */
shared: number, 
/**
 * What only earlier states, and profiles that can come back, need.
 */
history: number, 
/**
 * What nothing needs; it goes by itself.
 */
reclaimable: number, };

export type ArchiveSpace = { folder: string, archives: number, size: number, 
/**
 * Of unfinished downloads.
 */
unfinished: number, 
/**
 * What can be let go, unfinished downloads included.
 */
reclaimable: number, };

export type DiskUsage = { 
/**
 * The one in the data folder first.
 */
stores: Array<StoreSpace>, archives: ArchiveSpace, };

export type Seed = { sha256: string, 
/**
 * Title and version, or the short hash where nobody knows any more.
 */
name: string, 
/**
 * Which package it is, where that is known.
 */
package?: PackageKey, version?: string, size: number, 
/**
 * Whether it is offered right now, and if not, why.
 */
offered: boolean, reason?: Reason, 
/**
 * Why it is kept, most important first.
 */
kept: Array<Reason>, last_used: string, 
/**
 * When it goes if nothing uses it until then.
 */
expires?: string, 
/**
 * Bytes given to others since it came.
 */
given: number, peers: number, 
/**
 * Other complete copies in the swarm, where that is known.
 */
other_seeders?: number, pinned: boolean, paused: boolean, 
/**
 * Its bytes are known to be right; otherwise they are being checked.
 */
checked: boolean, };

export type Turtle = "off" | "on" | "auto";

export type Consider = "pause" | "pause-unless-known" | "allow";

export type Reach = "nobody" | "nearby" | "everybody";

export type LimitSet = "usual" | "turtle" | "turtle-playing" | "turtle-hours";

export type PauseLength = "until-resumed" | "for-time" | "until-tomorrow" | "while-playing";

export type PauseRequest = { length: PauseLength, 
/**
 * For `for-time`.
 */
seconds?: number, };

export type PauseState = { 
/**
 * `for-time` for every pause that ends at a time.
 */
length: PauseLength, 
/**
 * When it ends by itself, where that can be told.
 */
until?: string, };

export type MachineState = { battery?: boolean, metered?: boolean, vpn?: boolean, 
/**
 * Nobody has touched the machine for a while.
 */
away?: boolean, full_screen?: boolean, 
/**
 * A game runs. Looked for only while it makes a difference.
 */
playing?: boolean, 
/**
 * Bytes that may still be written where archives are kept.
 */
free?: number, };

export type Limits = { reach: Reach, 
/**
 * Why less is shared than could be, most important first.
 */
sharing_reasons: Array<Reason>, 
/**
 * Why background downloads wait, most important first; they may run if there is none.
 */
background_reasons: Array<Reason>, set: LimitSet, 
/**
 * Bytes per second; 0 means no limit.
 */
download_limit: number, 
/**
 * Bytes per second; 0 means nothing is uploaded.
 */
upload_limit: number, 
/**
 * Connections to peers, all together.
 */
connections: number, 
/**
 * Percent of the download limit for one's own downloads beside those of a lobby.
 */
user_share: number, 
/**
 * Percent of the download limit for background downloads.
 */
background_share: number, 
/**
 * Limits are not for the local network.
 */
lan_exempt: boolean, pause?: PauseState, 
/**
 * Bytes uploaded this month, and the most that may be; 0 is any number.
 */
uploaded: number, monthly_upload: number, 
/**
 * What the line can carry upwards, in bytes per second, where that was measured.
 */
uplink?: number, 
/**
 * When time alone may change any of this.
 */
next_change?: string, machine: MachineState, };

export type SeedCommand = { action: SeedAction, sha256?: string, };

export type SeedAction = "pin" | "unpin" | "pause" | "resume";

export type RoomRequest = { 
/**
 * At least this many bytes.
 */
bytes?: number, 
/**
 * These archives.
 */
archives: Array<string>, 
/**
 * As much as there is.
 */
all: boolean, };

export type RoomPlan = { goes: Array<RoomItem>, 
/**
 * Of what was asked for.
 */
stays: Array<RoomItem>, 
/**
 * Bytes that become free.
 */
freed: number, };

export type RoomItem = { sha256: string, name: string, size: number, 
/**
 * Only a part of it is here.
 */
unfinished: boolean, 
/**
 * Why it stays; for what goes, why it was kept so far.
 */
reasons: Array<Reason>, };

export type RoomMade = { 
/**
 * Number of the change.
 */
change: number, goes: Array<RoomItem>, 
/**
 * Of what was asked for.
 */
stays: Array<RoomItem>, 
/**
 * Bytes that become free.
 */
freed: number, };

export type SourceState = "new" | "fresh" | "stale" | "failed" | "off";

export type Source = { id: string, 
/**
 * The player's short name for it.
 */
alias: string, 
/**
 * `registry`, or the name of another service (`ckan`, `contentdb`, …).
 */
kind: string, address: string, priority: number, enabled: boolean, state: SourceState, packages: number, 
/**
 * Last success.
 */
synced?: string, 
/**
 * Until when it is left alone after failing several times.
 */
resting?: string, problem?: Problem, 
/**
 * Root fingerprint of a registry, in hexadecimal and in words.
 */
root?: string, root_words?: string, 
/**
 * Signed with keys that everybody has: for trying things out, never for real packages.
 */
test_keys: boolean, 
/**
 * Where it can be asked with a key of the player's.
 */
key?: SourceKey, };

export type KeyPlace = "keyring" | "variable" | "file";

export type SourceKey = { 
/**
 * The host that is told it: all sources there use the same.
 */
service: string, 
/**
 * None where there is no key.
 */
place?: KeyPlace, 
/**
 * The variable or the file.
 */
named?: string, 
/**
 * Why it could not be had, the last time; the service is asked without it.
 */
problem?: Problem, };

export type NewSourceKey = { key: string, };

export type SourceKeyAt = { 
/**
 * The name of an environment variable that the service is started with.
 */
variable?: string, 
/**
 * The absolute path of a file that only the player may read.
 */
file?: string, };

export type NewSource = { 
/**
 * `https://…`, `http://127.0.0.1…` or an absolute folder of a registry, or another service's as `muster source add`
 * takes it (`ckan`, `contentdb`, `thunderstore:community`).
 */
address: string, alias?: string, 
/**
 * Fingerprint of the first root that the player trusts.
 */
root?: string, };

export type PresetGame = { id: string, title: string, 
/**
 * It was found on this machine.
 */
found: boolean, };

export type Preset = { 
/**
 * The address to add it by.
 */
id: string, 
/**
 * As `kind` of a source.
 */
kind: string, 
/**
 * The host that is asked once it is added; none for what is on this machine.
 */
host?: string, 
/**
 * The games that it fits, those that were found first.
 */
games: Array<PresetGame>, 
/**
 * It is the one to begin with for a game.
 */
first: boolean, 
/**
 * It is one of the player's sources.
 */
known: boolean, 
/**
 * It was turned down, or removed.
 */
declined: boolean, 
/**
 * It is for a game that is here, and neither known nor declined.
 */
offered: boolean, };

export type PresetDecision = { id: string, 
/**
 * Turned down: not offered again. Otherwise it is offered as before.
 */
declined: boolean, };

export type NewFile = { 
/**
 * Absolute.
 */
path?: string, address?: string, 
/**
 * For the game of this profile.
 */
profile: string, };

export type SourceOffer = { address: string, 
/**
 * `registry`, or the name of another service.
 */
kind: string, 
/**
 * Fingerprint of a registry, in hexadecimal and in words; what nobody signs has none.
 */
root?: string, root_words?: string, test_keys: boolean, known: boolean, };

export type FieldFinding = "missing" | "broken" | "differs" | "unseen" | "unread" | "same";

export type AnswerField = { 
/**
 * Names from the outside in; `[]` stands for every entry of a list; empty for the answer itself.
 */
path: string, finding: FieldFinding, 
/**
 * Types, as JSON calls them; empty for what is not read.
 */
expected: string, found: string, 
/**
 * How many values it concerns, of how many that could have the field.
 */
count: number, of: number, };

export type SourceAnswer = { 
/**
 * What was asked for, below the service's address.
 */
asked: string, 
/**
 * Every field, the worst first; empty where there is a problem.
 */
fields: Array<AnswerField>, 
/**
 * Why there is no answer.
 */
problem?: Problem, };

export type KeyDecision = { publisher: string, 
/**
 * Fingerprint of the key set to trust from now on.
 */
key: string, };

export type Sharing = "unset" | "everybody" | "nearby" | "nobody";

export type Theme = "system" | "light" | "dark";

export type Settings = { sharing: Sharing, 
/**
 * Bytes per second; 0 means no limit.
 */
download_limit: number, 
/**
 * Bytes per second; 0 means nothing is uploaded.
 */
upload_limit: number, 
/**
 * Bytes of archives to keep.
 */
cache_quota: number, 
/**
 * Days after its last use until an archive goes that nothing needs.
 */
archive_days: number, 
/**
 * Days until an unfinished download goes that nothing needs.
 */
unfinished_days: number, 
/**
 * Whether what profiles use, pinned archives and last copies may go too, a day after that was announced, where
 * they alone exceed the quota.
 */
evict_protected: boolean, 
/**
 * Nothing is offered until the player resumes it; downloads go on.
 */
seeding_paused: boolean, 
/**
 * Nobody on another machine is asked for anything; what is known and here is used.
 */
offline?: boolean, 
/**
 * Address that peers connect to while sharing (`address:port`; port 0 lets the system choose).
 */
listen: string, 
/**
 * Language tag, or empty to follow the system.
 */
language: string, theme: Theme, 
/**
 * The upload limit is lowered to half of the measured uplink where that is less. Naming an upload limit switches
 * this off.
 */
upload_auto: boolean, 
/**
 * The second set of limits.
 */
turtle: Turtle, 
/**
 * Bytes per second; 0 means no limit.
 */
turtle_download_limit: number, 
/**
 * Bytes per second; 0 means nothing is uploaded.
 */
turtle_upload_limit: number, 
/**
 * When the second set is in force by itself (`mon-fri 18:00-23:00; sat, sun 09:00-24:00`, local time); never if empty.
 */
turtle_hours: string, 
/**
 * When sharing is allowed, written likewise; always if empty.
 */
share_hours: string, 
/**
 * Bytes that may be uploaded in a calendar month; 0 means any number.
 */
monthly_upload: number, 
/**
 * Limits are for the way to the internet only.
 */
lan_exempt: boolean, 
/**
 * Look for peers, and be found, in the own network.
 */
find_nearby: boolean, 
/**
 * Look for peers in the distributed table and at trackers, and be found there for what everybody may have.
 */
find_public: boolean, 
/**
 * Ask the router to let peers in while everybody may have something.
 */
open_port: boolean, 
/**
 * Connections to peers, all together: 4 to 500.
 */
connections: number, 
/**
 * Percent of the download limit that is left to one's own downloads beside those of a lobby.
 */
user_share: number, 
/**
 * Percent of the download limit that background downloads may take.
 */
background_share: number, 
/**
 * Share while a game runs or a program fills the screen.
 */
upload_while_playing: boolean, 
/**
 * Let background downloads run then.
 */
background_while_playing: boolean, on_battery: Consider, on_metered: Consider, 
/**
 * Concerns sharing alone.
 */
on_vpn: Consider, 
/**
 * Share only while it is known that nobody is there.
 */
share_when_away: boolean, };

export type SettingsPatch = { sharing?: Sharing, download_limit?: number, upload_limit?: number, cache_quota?: number, archive_days?: number, unfinished_days?: number, evict_protected?: boolean, seeding_paused?: boolean, offline?: boolean, listen?: string, language?: string, theme?: Theme, upload_auto?: boolean, turtle?: Turtle, turtle_download_limit?: number, turtle_upload_limit?: number, turtle_hours?: string, share_hours?: string, monthly_upload?: number, lan_exempt?: boolean, find_nearby?: boolean, find_public?: boolean, open_port?: boolean, connections?: number, user_share?: number, background_share?: number, upload_while_playing?: boolean, background_while_playing?: boolean, on_battery?: Consider, on_metered?: Consider, on_vpn?: Consider, share_when_away?: boolean, };

export type Snapshot = { status: Status, 
/**
 * Unfinished jobs and those that ended since the service started, newest first, at most 50; ended ones without their
 * members.
 */
jobs: Array<Job>, transfers: Transfers, profiles: Array<Profile>, sources: Array<Source>, settings: Settings, lobbies: Lobbies, };

export type Event = { 
/**
 * Per connection.
 */
number: number, 
/**
 * Highest change that this event already shows.
 */
change: number, } & ({ "topic": "snapshot", "data": Snapshot } | { "topic": "status", "data": Status } | { "topic": "job", "data": JobChange } | { "topic": "transfers", "data": TransfersChange } | { "topic": "profiles", "data": Array<Profile> } | { "topic": "profile-changed", "data": { profile: string, } } | { "topic": "sources", "data": Array<Source> } | { "topic": "catalog", "data": { source: string, } } | { "topic": "settings", "data": Settings } | { "topic": "lobbies", "data": Lobbies });

export type EventPayload = { "topic": "snapshot", "data": Snapshot } | { "topic": "status", "data": Status } | { "topic": "job", "data": JobChange } | { "topic": "transfers", "data": TransfersChange } | { "topic": "profiles", "data": Array<Profile> } | { "topic": "profile-changed", "data": { profile: string, } } | { "topic": "sources", "data": Array<Source> } | { "topic": "catalog", "data": { source: string, } } | { "topic": "settings", "data": Settings } | { "topic": "lobbies", "data": Lobbies };

/** Every operation: method and path. */
export const operations = {
  "version": { method: "GET", path: "/v1/version" },
  "status": { method: "GET", path: "/v1/status" },
  "events": { method: "GET", path: "/v1/events" },
  "shutdown": { method: "POST", path: "/v1/shutdown" },
  "metrics": { method: "GET", path: "/v1/metrics" },
  "games": { method: "GET", path: "/v1/games" },
  "game": { method: "GET", path: "/v1/games/{game}" },
  "add-game": { method: "POST", path: "/v1/games" },
  "remove-game": { method: "DELETE", path: "/v1/games/{game}" },
  "search": { method: "GET", path: "/v1/packages" },
  "package": { method: "GET", path: "/v1/packages/{source}/{id}" },
  "changes": { method: "GET", path: "/v1/packages/{source}/{id}/changes" },
  "audit": { method: "GET", path: "/v1/audit" },
  "plan": { method: "POST", path: "/v1/plans" },
  "change": { method: "POST", path: "/v1/changes" },
  "inspect-link": { method: "POST", path: "/v1/links/inspect" },
  "jobs": { method: "GET", path: "/v1/jobs" },
  "job": { method: "GET", path: "/v1/jobs/{job}" },
  "cancel-job": { method: "POST", path: "/v1/jobs/{job}/cancel" },
  "profiles": { method: "GET", path: "/v1/profiles" },
  "create-profile": { method: "POST", path: "/v1/profiles" },
  "profile": { method: "GET", path: "/v1/profiles/{profile}" },
  "patch-profile": { method: "PATCH", path: "/v1/profiles/{profile}" },
  "clone-profile": { method: "POST", path: "/v1/profiles/{profile}/clone" },
  "remove-profile": { method: "DELETE", path: "/v1/profiles/{profile}" },
  "removed-profiles": { method: "GET", path: "/v1/removed-profiles" },
  "restore-profile": { method: "POST", path: "/v1/removed-profiles/{profile}/restore" },
  "difference": { method: "GET", path: "/v1/profiles/{profile}/generations/{generation}/difference/{other}" },
  "name-generation": { method: "PATCH", path: "/v1/profiles/{profile}/generations/{generation}" },
  "prune": { method: "POST", path: "/v1/profiles/{profile}/prune" },
  "undo-last": { method: "POST", path: "/v1/profiles/{profile}/undo" },
  "go-back": { method: "POST", path: "/v1/profiles/{profile}/generations/{generation}/restore" },
  "load-order": { method: "GET", path: "/v1/profiles/{profile}/order" },
  "plan-order": { method: "POST", path: "/v1/profiles/{profile}/order/plan" },
  "conflicts": { method: "GET", path: "/v1/profiles/{profile}/conflicts" },
  "why": { method: "GET", path: "/v1/profiles/{profile}/packages/{source}/{id}/why" },
  "verify": { method: "POST", path: "/v1/profiles/{profile}/verify" },
  "repair": { method: "POST", path: "/v1/profiles/{profile}/repair" },
  "drift": { method: "GET", path: "/v1/profiles/{profile}/drift" },
  "compare-texts": { method: "POST", path: "/v1/profiles/{profile}/drift/texts" },
  "decide-drift": { method: "POST", path: "/v1/profiles/{profile}/drift" },
  "kept": { method: "GET", path: "/v1/profiles/{profile}/kept" },
  "restore-kept": { method: "POST", path: "/v1/profiles/{profile}/kept/restore" },
  "free-kept": { method: "POST", path: "/v1/profiles/{profile}/kept/free" },
  "saves": { method: "GET", path: "/v1/profiles/{profile}/saves" },
  "set-saves-rules": { method: "PATCH", path: "/v1/profiles/{profile}/saves" },
  "snapshot-saves": { method: "POST", path: "/v1/profiles/{profile}/saves" },
  "restore-saves": { method: "POST", path: "/v1/profiles/{profile}/saves/{snapshot}/restore" },
  "free-saves": { method: "DELETE", path: "/v1/profiles/{profile}/saves/{snapshot}" },
  "vanilla": { method: "POST", path: "/v1/profiles/{profile}/vanilla" },
  "vanilla-proof": { method: "GET", path: "/v1/profiles/{profile}/vanilla" },
  "read-originals": { method: "POST", path: "/v1/profiles/{profile}/vanilla/read" },
  "launch": { method: "POST", path: "/v1/profiles/{profile}/launch" },
  "managed-profiles": { method: "GET", path: "/v1/adoptions/profiles" },
  "plan-adoption": { method: "POST", path: "/v1/adoptions/plan" },
  "adopt": { method: "POST", path: "/v1/adoptions" },
  "share-profile": { method: "GET", path: "/v1/profiles/{profile}/shared" },
  "inspect-shared": { method: "POST", path: "/v1/shared/inspect" },
  "apply-shared": { method: "POST", path: "/v1/shared" },
  "followed": { method: "GET", path: "/v1/followed" },
  "look-for-news": { method: "POST", path: "/v1/followed" },
  "unfollow": { method: "DELETE", path: "/v1/profiles/{profile}/followed" },
  "lobbies": { method: "GET", path: "/v1/lobbies" },
  "host-lobby": { method: "POST", path: "/v1/lobbies/hosted" },
  "close-lobby": { method: "DELETE", path: "/v1/lobbies/hosted" },
  "inspect-lobby": { method: "POST", path: "/v1/lobbies/inspect" },
  "join-lobby": { method: "POST", path: "/v1/lobbies/joined" },
  "forget-host": { method: "DELETE", path: "/v1/lobbies/hosts/{key}" },
  "leave-lobby": { method: "DELETE", path: "/v1/lobbies/joined" },
  "collections": { method: "GET", path: "/v1/profiles/{profile}/collections" },
  "inspect-collection": { method: "POST", path: "/v1/collections/inspect" },
  "upkeep": { method: "GET", path: "/v1/upkeep" },
  "set-upkeep": { method: "PATCH", path: "/v1/profiles/{profile}/upkeep" },
  "undo": { method: "POST", path: "/v1/undo/{token}" },
  "transfers": { method: "GET", path: "/v1/transfers" },
  "command-transfers": { method: "POST", path: "/v1/transfers" },
  "add-peers": { method: "POST", path: "/v1/transfers/{sha256}/peers" },
  "peers": { method: "GET", path: "/v1/peers" },
  "seeds": { method: "GET", path: "/v1/seeds" },
  "command-seeds": { method: "POST", path: "/v1/seeds" },
  "plan-room": { method: "POST", path: "/v1/seeds/room/plan" },
  "make-room": { method: "POST", path: "/v1/seeds/room" },
  "disk": { method: "GET", path: "/v1/disk" },
  "limits": { method: "GET", path: "/v1/limits" },
  "pause": { method: "POST", path: "/v1/pause" },
  "resume": { method: "POST", path: "/v1/resume" },
  "sources": { method: "GET", path: "/v1/sources" },
  "presets": { method: "GET", path: "/v1/presets" },
  "decide-preset": { method: "POST", path: "/v1/presets" },
  "look-at-source": { method: "POST", path: "/v1/sources/look" },
  "inspect-source": { method: "POST", path: "/v1/sources/inspect" },
  "take-file-in": { method: "POST", path: "/v1/files" },
  "inspect-pack": { method: "POST", path: "/v1/packs/inspect" },
  "take-pack-in": { method: "POST", path: "/v1/packs" },
  "add-source": { method: "POST", path: "/v1/sources" },
  "patch-source": { method: "PATCH", path: "/v1/sources/{source}" },
  "remove-source": { method: "DELETE", path: "/v1/sources/{source}" },
  "sync-source": { method: "POST", path: "/v1/sources/{source}/sync" },
  "examine-source": { method: "POST", path: "/v1/sources/{source}/examine" },
  "set-source-key": { method: "POST", path: "/v1/sources/{source}/key" },
  "place-source-key": { method: "POST", path: "/v1/sources/{source}/key/place" },
  "forget-source-key": { method: "DELETE", path: "/v1/sources/{source}/key" },
  "decide-key": { method: "POST", path: "/v1/sources/{source}/keys" },
  "settings": { method: "GET", path: "/v1/settings" },
  "patch-settings": { method: "PATCH", path: "/v1/settings" },
} as const;

export type OperationId = keyof typeof operations;
