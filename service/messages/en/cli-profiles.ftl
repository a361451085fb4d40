# The terminal: profiles, their history, and what is in a game's folders.
cli-profile-name = Profile
cli-profile-game = Game
cli-profile-state = State
cli-profile-placed = in the game's folders
cli-profile-not-placed = not in the game's folders
cli-profile-packages = Packages
cli-profile-counts = { $on } on, { $off } off
cli-profile-generation = State of the history
cli-profile-world = World
cli-profile-side = For
cli-profile-platform = Runs on
cli-profile-platform-chosen = { $platform } (you said so)
cli-side-client = players
cli-side-server = servers
cli-side-both = players and servers
cli-profile-deleted = { $profile } is gone from the game's folders and from the list. Bring it back with: muster profile restore "{ $profile }"
cli-profile-until = can come back until { $time }

cli-history-same = Both states have the same packages.
cli-history-pruned = { $count ->
    [0] Every state is kept.
    [one] { $count } state was let go.
   *[other] { $count } states were let go.
}

cli-vanilla-nothing = Muster never placed anything in this game's folders.
cli-vanilla-equal = Hash equal (displaced once, back now)
cli-vanilla-unchanged = Unchanged by metadata (never touched)
cli-vanilla-departed = Changed by something else
cli-vanilla-modded = Already modded when found
cli-vanilla-ours = Files of Muster
cli-vanilla-changed = changed
cli-vanilla-gone = gone
cli-vanilla-new = new
cli-vanilla-from = from { $of }
cli-vanilla-more = The lists go on: add --json to see more.
cli-vanilla-late = What was there was written down only after mods had been placed: what others changed before that is not known.
cli-vanilla-original = Nothing of Muster is there, and every file that was there before is as it was.
cli-vanilla-departed-verdict = Nothing of Muster is there. Something else changed the files that are named.
cli-vanilla-ours-verdict = Mods are in place. Take them out with: muster vanilla

cli-verify-edited = yours
cli-verify-repaired = Repaired. What was changed by hand is kept in the folder of this game in Muster's data.

cli-drift-none = Nothing was changed by hand.
cli-drift-undecided = changed, stays for now
cli-drift-mine = yours
cli-drift-both = yours, merged
cli-drift-conflict = yours; the package changed the same lines
cli-drift-decide = Decide with: muster drift keep mine|theirs|both FILE
cli-drift-repair = Bring missing files back with: muster verify --repair

cli-kept-none = No version of a file was set aside.
cli-kept-replaced = something else took its place
cli-kept-displaced = comes back by itself when { $package } goes
cli-kept-hidden = comes back by itself with { $package }, or with the original game
cli-kept-found = found after a crash; where it was is not known
cli-kept-how = Bring one back with: muster kept restore FILE
cli-kept-restored = Brought back. What was there is set aside; muster undo takes it back.
cli-kept-goes = { $count ->
    [one] { $count } version ({ $size }) would be gone for good.
   *[other] { $count } versions ({ $size }) would be gone for good.
}
cli-kept-freed = { $count ->
    [0] Nothing was let go.
    [one] { $count } version was let go: { $size }.
   *[other] { $count } versions were let go: { $size }.
}

cli-adopt-archive = by its archive
cli-adopt-manifest = by its manifest
cli-adopt-known = by its list, as a package of a source
cli-adopt-copied = The other program's folder stays as it is. The game gets files of its own; nothing is fetched.
cli-adopt-copied-done = Taken over. The other program's folder is as it was; muster undo takes the mods out of the game again.
cli-adopt-mods = { $count ->
    [one] { $count } mod
   *[other] { $count } mods
}
cli-adopt-none-found = No profiles of r2modman, the Thunderstore Mod Manager or Gale were found here. Name their folder, if it is elsewhere.
cli-adopt-unknown = stays yours
cli-adopt-off = stays yours: switched off there
cli-adopt-odd = stays yours: links or special files
cli-adopt-count = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
cli-adopt-nothing = Nothing can be adopted for { $game }. Name another game with --game, or a folder.
cli-adopt-managed = { $count ->
    [one] { $count } mod belongs to the profile already.
   *[other] { $count } mods belong to the profile already.
}
cli-adopt-how = Nothing will be moved, changed or fetched. Mods that nothing identifies stay yours.
cli-adopt-done = Adopted. Every file is where it was; muster undo gives them back to you.

cli-share-written = { $file } is version { $version }, with { $count } { $count ->
    [one] package
   *[other] packages
}. Put it at any place on the web, or hand it on.
cli-share-left-out = { $package } is on this machine only and was left out: others cannot get it.
cli-share-unsigned = Nobody signed it: others can apply it, but not follow it. Sign with --key.
cli-shared-what = { $name }, version { $version } of { $time }, { $count } { $count ->
    [one] package
   *[other] packages
}
cli-shared-signed = Signed by an owner: { $words }
cli-shared-owner = Another owner: { $words }
cli-shared-unsigned = Nobody signed it.
cli-shared-side = Its writer’s profile is for { $side }; yours stays what it is
cli-shared-platform = Its writer’s game runs on { $platform }; yours stays what it is
cli-shared-other-side = { $count ->
    [one] { $count } package of it stays out: it is for the other side of a network game than { $profile }
   *[other] { $count } packages of it stay out: they are for the other side of a network game than { $profile }
}
cli-shared-source = It needs the source { $source }. Add it if you trust it, then try again: muster source add
cli-shared-same = { $profile } is so already.
cli-shared-followed = { $name } is followed now. What is new is shown to you before it is applied: muster profile pull. Where the profile has a policy (muster profile policy), it comes by that.
cli-followed-news = version { $version } is there
cli-followed-same = nothing new
cli-followed-none = No profile follows another one.

cli-pack-what = { $name }: { $count ->
    [one] { $count } mod
   *[other] { $count } mods
} for { $game }
cli-pack-need = It is made for { $what } { $version }. Muster does not install that.
cli-pack-found = found
cli-pack-found-off = found, switched off
cli-pack-other = not in this version; the newest is { $version }. Stays out
cli-pack-address = in no source; comes from { $host }, known by its hash
cli-pack-unknown = in no source. Stays out
cli-pack-files = { $count ->
    [one] { $count } file of its own ({ $size }) comes along, as a package of yours.
   *[other] { $count } files of its own ({ $size }) come along, as a package of yours.
}
cli-pack-behind = { $count ->
    [one] { $count } file stays behind:
   *[other] { $count } files stay behind:
}
cli-pack-refused-program = a program, and of no source
cli-pack-refused-outside = not in a folder for mods or their settings
cli-pack-refused-protected = belongs to the game or to you
cli-pack-refused-name = its name or description cannot be used
cli-pack-refused-address = from an address that is not asked
