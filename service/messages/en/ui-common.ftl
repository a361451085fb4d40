# Words that every screen of the window uses.

try-again = Try again
details = Details
copy = Copy
close = Close
cancel = Cancel
remove = Remove
install = Install
update = Update
retry = Retry
pause = Pause
resume = Resume
undo = Undo
play = Play
not-now = Not now
turn-on = Turn on
turn-off = Turn off
update-to = Update to { $version }

time-seconds = { $count } s
time-about-minutes = about { $count } min
time-about-hours = about { $count } h
time-just-now = just now

failure-label = Problem
failure-fix = What would help: { $fix }
link-opens = Opens { $host } in your browser
needs-service = This needs the Muster service, which is not running.
needs-profile = This needs a profile. Make one first.

column-name = Name
column-publisher = Publisher
column-size = Size
column-downloads = Downloads
column-updated = Updated
column-state = In profile
column-order = #
column-on = On
column-version = Version
column-action = Action
column-step = Step
column-note = Note

state-on = On
state-off = Off
state-absent = not in the profile
state-other-game = Other game
state-managed = Managed by Steam
state-refused = Blocked
row-state-on = on
row-state-off = off
row-state-update = update available
row-state-busy = being installed
row-state-incompatible = not for this game
row-state-managed = managed by Steam

seal-unverified = Unverified publisher
seal-verified = Verified publisher
seal-trusted = Trusted publisher
seal-featured = Featured publisher
seal-unverified-about = Unverified: the source has not checked who this publisher is. It says nothing about safety.
seal-verified-about = Verified: the source has checked who this publisher is. It says nothing about safety.
seal-trusted-about = Trusted: known to the source for a long time. It says who they are, not that everything is safe.
seal-featured-about = Featured: chosen by the source. It says who they are, not that everything is safe.
seal-unverified-long = unverified publisher
seal-verified-long = verified publisher
seal-trusted-long = trusted publisher
seal-featured-long = featured publisher
publisher-none = No publisher

signature-author = Signed by its author
signature-source-hash = Checked against { $source }’s own hash
signature-none = No signature, no hash
signature-rotated = Author’s key changed by rotation
signature-key-changed = Key changed without rotation
signature-broken = Signature does not match
signature-revoked = Revoked by its author
signature-removed = Removed by { $source }
signature-since = same key since { $date }

phase-waiting = Waiting
phase-resolving = Choosing versions
phase-planning = Planning
phase-fetching = Downloading
phase-unpacking = Checking
phase-deploying = Placing files
phase-committing = Finishing
phase-done = Done
phase-failed = Failed
phase-cancelled = Cancelled

plan-add = Adds
plan-change = Changes
plan-remove = Removes
plan-enable = Turns on
plan-disable = Turns off
plan-for-feature = { $package } (for “{ $feature }”)
plan-needed-by = needed by { $names }

# Kinds of packages; they are data, and unknown ones are shown as they are.
kind-mod = Mod
kind-asset-pack = Asset pack
kind-map = Map
kind-modpack = Pack
kind-collection = List
kind-loader = Loader
kind-game-definition = Game definition
relation-depends = Needs
relation-recommends = Works well with
relation-suggests = May be of interest
relation-conflicts = Does not work together with
channel-beta = beta
channel-dev = development version
disclosure-ai-content = Contains AI-made content
disclosure-telemetry = Sends usage data
disclosure-flashing-lights = Contains flashing lights
download-nothing = nothing to download
