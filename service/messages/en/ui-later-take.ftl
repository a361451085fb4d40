# What somebody sent: files, addresses, shared profiles.

take-label = Paste a link, an address, a code or a shared profile
take-look = Look at it
take-file = Open a file…
take-about = Mods as archives, packs of Modrinth, r2modman and Gale, tickets of lobbies, and profiles that others share. You see what it would change before anything happens. Muster asks no address before you agreed to it.
take-refused = This is no muster:// link, no https:// address, no code, no shared profile and no ticket of a lobby.
take-open = Paste or open…
take-pasted = Pasted text
take-title = Looking at it…
take-waiting = Reading what it is…
take-shared-title = Apply “{ $name }”?
take-shared-about = { $count ->
    [one] Version { $version }, written { $when }, { $count } package.
   *[other] Version { $version }, written { $when }, { $count } packages.
}
take-shared-side = It was written in a profile for { $side ->
    [client] playing
    [server] hosting
   *[both] playing and hosting
}. Yours stays what it is.
take-shared-platform = Its game was set to run on { $platform }. Yours stays what it is.
take-shared-other-side = { $count ->
    [one] { $count } mod of it stays out: it is of no use on this profile’s side of a network game.
   *[other] { $count } mods of it stay out: they are of no use on this profile’s side of a network game.
}
take-signed = Signed by { $owners }
take-unsigned = Nobody signed it. It can be applied, but not followed. Each mod still comes from your own sources and is checked there.
take-file-title = Install this file?
take-file-about = It becomes a package of your own. Nobody signed it: install it if you trust where you have it from.
take-profile = For profile
take-keep-others = My other mods in this profile stay
take-follow = Look for its next versions (nothing is applied by itself)
take-no-profile = There is no profile yet. Add a game in the Library first.
take-made-profile = Made the profile { $name }
take-other-game = It is for { $game }, and no profile here is for that game. “New profile…” makes one.
take-missing = { $count ->
    [one] It needs a source that you do not have. Nothing is asked there before you trust it.
   *[other] It needs { $count } sources that you do not have. Nothing is asked there before you trust them.
}
take-see-source = Look at it…
take-same = Your profile has all of it already.
take-count-add = { $count } added
take-count-change = { $count } changed
take-count-remove = { $count } removed
take-count-enable = { $count } turned on
take-count-disable = { $count } turned off
take-download = { $size } to download
take-install = Install · { $size }
take-do-follow = Follow it
take-apply = { $count ->
    [one] Make { $count } change
   *[other] Make { $count } changes
}
take-applying = Applying { $name }
take-applied = Applied { $name }
