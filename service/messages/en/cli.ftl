# The terminal. Amounts such as $download and $here come with their unit.
cli-change-amount = { $download } to download, { $here } already here.
cli-change-ask = Go on? [y/N]
# Letters that mean yes, in lower case.
cli-change-ask-yes = y
cli-change-done = Done.
cli-change-left-out = No package moves in { $profile }. Left out of the collection from now on: { $packages }.
cli-change-remembered = No package moves in { $profile }; only your choice is new.
cli-change-nothing = Nothing to change in { $profile }.
cli-offers-any-of = one of { $packages }
cli-offers-do-not-fit = Not taken along, because it does not fit with the rest: { $packages }.
cli-offers-recommended = Goes well with it (taken along with --recommended): { $packages }.
cli-offers-suggested = May be of interest: { $packages }.
cli-plan-add = add
cli-plan-change = change
cli-plan-remove = remove
cli-plan-enable = turn on
cli-plan-disable = turn off
cli-plan-feature-of = { $package } (for “{ $feature }”)
cli-plan-features = Features of { $package }: { $features }. --feature and --without-feature choose others.
cli-plan-needed-by = needed by { $packages }
cli-undo-done = { $profile }: { $cause }

cli-list-empty = Nothing is installed in { $profile }.
cli-why-side = only for { $side }
cli-why-wished = You asked for it.
# Goes on behind "publisher/town → publisher/voices".
cli-why-feature = { $count ->
    [one] because the feature “{ $features }” of { $package } is on
   *[other] because the features “{ $features }” of { $package } are on
}
cli-why-nothing = Nothing needs it any more.
cli-outdated-nothing = Everything in { $profile } is up to date.
cli-package-on = installed
cli-package-off = turned off
cli-package-update = update
cli-package-busy = busy
cli-package-incompatible = does not fit
cli-package-managed = managed by Steam

cli-search-count = { $total } of { $all } packages
cli-search-did-you-mean = Did you mean { $word }?
cli-show-id = Package
cli-show-publisher = Publisher
cli-show-kind = Kind
cli-show-license = Licence
cli-show-size = Size
cli-show-key = Key
cli-show-side = Only for
cli-show-platforms = Runs on
cli-feature-brings = brings { $packages }
cli-feature-off = off
cli-feature-on = on
cli-features-none = { $package } has no features to choose.
cli-show-for-features = { $packages } (for { $features })
cli-show-depends = Needs
cli-show-recommends = Goes well with
cli-show-suggests = See also
cli-show-conflicts = Not together with

cli-status-service = Service
cli-status-version = Version
cli-status-packages = Packages known
cli-status-jobs = Changes / downloads
cli-status-speed = Speed
cli-status-cache = Cache
cli-state-idle = idle
cli-state-working = working
cli-state-sharing = sharing
cli-state-paused = paused
cli-state-attention = needs you
cli-games-not-found = not found on this computer
cli-game-added = { $game } is known now.
cli-game-removed = Your definition of { $game } is forgotten.
cli-game-definition = definition
cli-game-origin-shipped = came with Muster
cli-game-origin-package = from a package
cli-game-origin-user = your own
cli-game-load-order = load order
cli-game-load-order-game = the game decides
cli-game-load-order-files = the later package wins
cli-game-load-order-lists = Muster tells the game
cli-game-launches = ways to start it
cli-game-loaders = mod loaders
cli-game-stores = shops
cli-game-places = places

cli-link-package = The link asks for { $title } { $version } by { $publisher }, from { $source }.
cli-link-present = { $title } is here already.
cli-link-source = The link offers the source { $address }. Its fingerprint in words: { $words }
cli-source-offer = Fingerprint in words: { $words }
    Fingerprint: { $root }
    Compare it with what the people who run this source have published.
cli-source-unsigned = { $address } is not signed by anybody: what it offers is as good as its word and the way to it.
cli-source-workshop = { $address }: what Steam has brought is shown and never touched.
cli-source-ask = Type "trust" if it is the same:
cli-source-new = not read yet
cli-source-fresh = up to date
cli-source-stale = out of date
cli-source-failed = failed
cli-source-off = turned off
cli-source-key-ask = Key for { $service } (it is not shown while you type):
cli-source-key-none = There is no key for { $service }. It is asked without one.
cli-source-key-keyring = There is a key for { $service }, in the keyring of this computer.
cli-source-key-variable = The key for { $service } is in the environment variable { $named }.
cli-source-key-file = The key for { $service } is in the file { $named }.
cli-preset-known = one of your sources
cli-preset-offered = fits your games
cli-preset-declined = turned down
cli-preset-no-game = game not found here
cli-preset-here = this computer
cli-preset-add = Nobody was asked yet. Add one: muster source add --preset ID
cli-preset-hint = There are sources that fit this game: muster source presets { $game }

cli-lane-now = now
cli-lane-next = next
cli-lane-idle = when idle
cli-seed-offered = shared

cli-limits-pause = Paused
cli-limits-until = until { $time }
cli-limits-until-resumed = until you go on (muster limits resume)
cli-limits-until-game-ends = until the game ends
cli-limits-until-game-starts = until the game ends, or { $time } if none starts
cli-limits-sharing = Sharing
cli-limits-everybody = with everybody
cli-limits-nearby = with those nearby
cli-limits-nobody = with nobody
cli-limits-background = Background downloads
cli-limits-may = may run
cli-limits-waits = wait
cli-limits-set = Limits in force
cli-limits-usual = the usual ones
cli-limits-turtle = the second set
cli-limits-turtle-playing = the second set: somebody plays
cli-limits-turtle-hours = the second set: its hours
cli-limits-down = Download
cli-limits-up = Upload
cli-limits-no-limit = no limit
cli-limits-nothing = nothing
cli-limits-uplink = Line upwards
cli-limits-month = Uploaded this month
cli-limits-shares = Shares
cli-limits-shares-text = beside a lobby { $user } %, background { $background } %
cli-limits-connections = Connections
cli-limits-lan = Local network
cli-limits-lan-exempt = not limited
cli-limits-lan-limited = limited likewise
cli-limits-battery = On battery
cli-limits-metered = Metered connection
cli-limits-vpn = Through a VPN
cli-limits-playing = A game runs
cli-limits-full-screen = Full screen
cli-limits-away = Nobody there
cli-limits-free = Free on the disk
cli-limits-yes = yes
cli-limits-no = no
cli-limits-unknown = not known
cli-limits-next = Next change

cli-verify-changed = changed
cli-verify-missing = missing
cli-verify-damaged = The archive { $archive } was damaged and will be fetched again when it is needed.
cli-verify-intact = { $count ->
    [one] { $count } file is as it should be.
   *[other] { $count } files are as they should be.
}
cli-proof-good = { $loaded ->
    [one] The game loaded { $loaded } mod: { $names }
   *[other] The game loaded { $loaded } mods: { $names }
}
cli-proof-bad = The game did not load: { $missing }

# Packages, keys and registries. $words are four invented words that stand for a fingerprint.
cli-inspect-files = Files
cli-inspect-count = { $count } ({ $size } unpacked)
cli-key-public = Public key
cli-key-fingerprint = Fingerprint
cli-key-words = In words
cli-key-test = This is a test key: anybody who has the file can sign with it. Never admit it to a real registry.
cli-key-ask = Passphrase of { $file }:
cli-key-ask-new = New passphrase:
cli-key-ask-again = Once more:
cli-registry-root = Fingerprint
cli-registry-admitted = { $publisher } may publish now. The key in words: { $words }
cli-registry-published = Signed. Others see it after the next refresh.
cli-registry-refreshed = Signed. Refresh again before { $until }.
cli-registry-verified = Everything is as it was signed.
cli-problem-refused = { $role }: { $why }
cli-problem-outside = { $file } lies outside the publisher's folder and is ignored.
cli-problem-missing = { $file } is missing.
cli-problem-wrong = { $file } is not the file that was signed.
cli-problem-shared-key = { $first } and { $second } sign with the same key { $key }.
cli-problem-lookalike = { $publisher } is easily taken for { $like }.
cli-problem-expires-soon = The registry must be signed again before { $expires }.

# Hints for the terminal where the general one speaks of a button.
cli-hint-service-unreachable = Nothing was changed; your mods stay as they are. Start it with muster start.

cli-order-chosen = chosen by you
cli-order-cycle = These wishes contradict each other; the first of them gave way:
cli-conflict-same = same content
cli-conflict-count = { $count ->
    [one] One file is in several packages.
   *[other] { $count } files are in several packages.
}
cli-audit-by = said by { $source }, { $id }
cli-audit-fixed = version { $version } is without the fault
cli-audit-count = { $findings ->
    [0] Nobody advises against any of { $packages } packages; sources last asked: { $checked }.
   *[other] { $findings } of { $packages } packages are advised against; sources last asked: { $checked }.
}
cli-audit-way-out = Update them, or turn them off with muster quarantine. Nothing is deleted, and muster undo brings them back.
cli-audit-nothing = Nothing that is switched on in { $profile } is advised against.
cli-held = { $reason ->
    [none] held
   *[other] held: { $reason }
}
cli-channel-update = Nothing moved. muster update brings what is newer in it.
