# Frame of the window: top, rail, inspector, pulse, keys, links, messages.

place-library = Library
place-first-run = Welcome
place-browse = Browse
place-package = Package
place-collections = Collections
place-profile = Profile
place-profiles = Profiles
place-lobby = Lobby
place-downloads = Downloads
place-seeding = Seeding
place-sources = Sources
place-activity = Activity
place-settings = Settings
unknown-place = There is nothing here
unknown-place-about = This address belongs to no place of the window.

region-top = Game and search
region-rail = Places
region-inspector = Inspector
region-pulse = Service and messages
inspector-resize = Width of the inspector
inspector-nothing = Choose a row to see more about it.
inspector-open = Open its page
back-to-list = Back to the list

top-menu = Places
top-game = Game
top-profile = Profile
top-new-profile = New profile…
top-all-profiles = All profiles…
top-search = Search mods for { $game }
top-search-any = Search mods
top-search-tip = Search · Ctrl+F or /
top-search-clear = Clear the search

rail-problems = { $count ->
    [one] { $count } problem
   *[other] { $count } problems
}
rail-updates = { $count ->
    [one] { $count } update
   *[other] { $count } updates
}
rail-failed = { $count ->
    [one] { $count } failed download
   *[other] { $count } failed downloads
}
rail-waiting = { $count ->
    [one] { $count } download under way
   *[other] { $count } downloads under way
}

pulse-connecting = Connecting…
pulse-stopped = Service is not running. The last known state is shown.
pulse-start = Start service
pulse-idle = Ready
pulse-working = Working
pulse-sharing = Sharing
pulse-paused = Paused
pulse-attention = Needs you
pulse-down = Download speed
pulse-up = Upload speed
pulse-all = All downloads
pulse-earlier = { $count ->
    [one] { $count } earlier message
   *[other] { $count } earlier messages
}
close-message = Close this message
spoken-status = { $count ->
    [0] Nothing is downloading.
    [one] { $count } download under way at { $speed }.
   *[other] { $count } downloads under way at { $speed }.
} { $problems ->
    [0] No problems in this profile.
    [one] { $problems } problem in this profile.
   *[other] { $problems } problems in this profile.
}

done-installing = Installing { $title }
done-updating = { $count ->
    [one] Updating { $title }
   *[other] Updating { $count } mods
}
done-removed = { $count ->
    [one] Removing { $title }
   *[other] Removing { $count } mods
}
done-enabled = { $count ->
    [one] Turned on { $title }
   *[other] Turned on { $count } mods
}
done-disabled = { $count ->
    [one] Turned off { $title }
   *[other] Turned off { $count } mods
}
done-undone = Undone: { $what }
undo-waits = Undo follows as soon as the change before it has ended
done-cancelled = Cancelled
done-setting = Setting changed
done-started = { $game } is starting
done-syncing = Refreshing { $source }
done-source-removed = Removed the source { $source }. Installed mods stay.
done-source-added = Added the source { $source }
done-key-trusted = The new key of { $publisher } is trusted now
job-done-change = { $count ->
    [0] Profile changed
    [one] Done: { $title }
   *[other] Done: { $count } mods
}
job-done-go-back = The files are as they were before
job-done-repair = Files in the game’s folders are up to date
job-done-sync = Sources refreshed
job-failed = { $count ->
    [0] { $why }
    [one] { $title }: { $why }
   *[other] { $count } mods: { $why }
}

keys-title = Keys
keys-anywhere = Anywhere
keys-lists = In lists
keys-game-row = On a game
keys-package-row = On a package
keys-collection-row = On a package of a collection
keys-profile-row = In a profile
keys-transfer-row = On a download
keys-file-row = On a changed file
keys-kept-row = On a version set aside
keys-saves-row = On a snapshot of saves
keys-source-row = On a source
keys-seed-row = On a kept archive
keys-profiles-row = On a profile
keys-state-row = On a state of the history
key-search = Search or filter this screen
key-game = Choose the game
key-profile = Choose the profile
key-play = Play
key-undo = Undo
key-pause-all = Pause or resume all downloads
key-inspector = Show or hide the inspector
key-next-region = Next part of the window
key-previous-region = Previous part of the window
key-back = Back
key-forward = Forward
key-refresh = Refresh the sources
key-help = Show the keys
key-speak = Read the status aloud
key-move = Move in the list
key-page = Move by pages, to the start, to the end
key-menu = Everything that can be done with it
key-name-space = Space
key-name-delete = Del
key-open-profile = Open the profile
key-open = Open as a page
key-leave = Back to the list, then clear the filter
key-range = Select several
key-all = Select all
key-reorder = Move in the load order
key-toggle = Turn on or off, pause or resume
key-install = Install
key-update = Update
key-remove = Remove
key-hold = Hold at its version, or stop holding
key-lanes = Move to Now, Next, Idle
key-compare-file = Compare the versions
key-keep-mine = Keep my version of the file
key-keep-theirs = Keep the package’s version
key-keep-both = Keep both versions
key-bring-back = Bring it back
key-let-go = Let it go for good
key-snapshot = Snapshot the saves now
key-source-toggle = Turn the source on or off
key-source-move = Move the source in your order
key-source-sync = Refresh the source
key-pin = Pin it, or let it go with time
key-pause-seed = Share it no more, or again
key-free-seed = Let it go
key-rename = Rename
key-choose-member = Choose it, or leave it out
key-compare = Compare others with this state

link-reading-title = A link was opened
link-reading-text = Looking at what it asks for. Nothing is changed by that.
link-install-title = Install { $title } into { $profile }?
link-present-title = { $title } is in this profile already
link-unknown-title = Nothing was done with the link to { $package }
link-unknown-text = The link names a source that is not one of yours, so nothing was fetched. Add the source first if you trust it.
link-source-title = Add this source?
link-source-known-title = This source is one of yours already
link-source-text = A web page or a program asks to add a source of mods. Compare the words below with the ones its owner shows.
link-refused-title = This link cannot be used
link-from = from { $source }
link-cost = { $count ->
    [one] { $count } change, { $size } to download
   *[other] { $count } changes, { $size } to download
}
link-install = Install · { $size }
