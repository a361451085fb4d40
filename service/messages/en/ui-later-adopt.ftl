# Taking over mods that are there already.

place-adopt = Take over mods
adopt-open = Take over mods…
adopt-title = Take over mods for { $game }
adopt-about = Mods that you or another program put there become packages of a profile: checked, listed, undone like everything else. You see what each one is before anything happens.
adopt-no-profile = No game was found yet. Choose a game first.
adopt-where = Where are they?
adopt-places = In the folders of { $game }
adopt-places-about = They stay where they are and become part of { $profile }.
adopt-managed = { $manager }: { $name }
adopt-managed-about = { $count ->
    [one] { $count } mod. That folder stays as it is; the game gets files of its own.
   *[other] { $count } mods. That folder stays as it is; the game gets files of its own.
}
manager-r2modman = r2modman
manager-thunderstore-mod-manager = Thunderstore Mod Manager
manager-gale = Gale
adopt-folder = Another folder
adopt-folder-about = One mod, a folder of mods, or a profile of r2modman or Gale that lies elsewhere.
adopt-choose = Choose a folder…
adopt-none-found = No profiles of r2modman or Gale were found for { $game }.
adopt-elsewhere = Of other games there are:
adopt-elsewhere-game = { $title } ({ $count })
adopt-preview = What would happen
adopt-looking = Looking at the files…
adopt-sum = { $adopted ->
    [0] Nothing here can be taken over
    [one] { $adopted } mod can be taken over
   *[other] { $adopted } mods can be taken over
}, { $yours ->
    [0] nothing else lies there.
    [one] { $yours } thing stays yours.
   *[other] { $yours } things stay yours.
}
adopt-managed-already = { $count ->
    [one] { $count } belongs to the profile already.
   *[other] { $count } belong to the profile already.
}
adopt-in-place = Nothing is moved, changed or fetched. Every file stays where it is, with its time.
adopt-copied = The other program’s folder stays exactly as it is. The files are placed in { $game }; nothing is fetched. Settings of mods come along.
adopt-do = { $count ->
    [one] Take over { $count } mod
   *[other] Take over { $count } mods
}
adopt-undo = One step of the history; Ctrl+Z takes it back.
adopt-list = Mods that would be taken over
adopt-known-archive = Its archive, byte for byte
adopt-known-listed = By the other program’s list; a source has it too
adopt-known-manifest = By what it says about itself
adopt-known-about = A name proves nothing: what is known by a list only gets no updates by itself until it is installed from its source.
adopt-files = { $files } files, { $size }
adopt-yours = Stays yours
adopt-yours-about = Muster never moves or deletes these.
adopt-why-unknown = Nothing says what it is
adopt-why-off = Switched off in the other program
adopt-why-odd = Links or special files among it
done-adopting = { $count ->
    [one] Taking over { $count } mod
   *[other] Taking over { $count } mods
}
done-adopted = { $count ->
    [one] Took over { $count } mod
   *[other] Took over { $count } mods
}
