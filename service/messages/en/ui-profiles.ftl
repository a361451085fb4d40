# All profiles of a game: switch, copy, rename, delete, bring back.

profiles-title = Profiles for { $game }
profiles-list = Profiles
profiles-waiting = Reading the profiles…
profiles-empty = There is no profile for { $game } yet.
profiles-new = New profile
profiles-all = All profiles
profiles-column-where = State
profiles-column-mods = Mods
profiles-row = { $name }, { $state }, { $mods }
profiles-mods = { $on } on, { $off } off
profiles-mods-removed = { $count ->
    [one] { $count } mod
   *[other] { $count } mods
}
profiles-placed = In the game’s folders
profiles-chosen = Chosen, but its mods are taken out
profiles-not-placed = Not in the game’s folders
profiles-removed = Deleted, back until { $date }
profiles-switch = Switch to it
profiles-place = Put its mods back
profiles-busy = Something is being done with it
profiles-restore = Bring back
profiles-open = Open it
profiles-copy = Make a copy
profiles-copy-name = Copy of { $name }
profiles-rename = Rename
profiles-rename-label = Name
profiles-delete = Delete
profiles-about-placed = Its mods are in the folders of { $game }. Another profile takes their place when you switch; only what differs is changed.
profiles-about-chosen = Install and Play use this profile. Its mods were taken out of the folders of { $game }; put them back whenever you like.
profiles-about-not-placed = Its mods are kept, but not in the folders of { $game }. Switching to it changes only what differs.
profiles-about-delete = Its mods leave the game’s folders, worlds and saves stay. It can come back for 30 days.
profiles-about-removed = Deleted on { $date } with { $mods }. It is forgotten for good on { $until }.
profiles-foot = Space switches · F2 renames · Delete deletes · Enter opens

done-switching = Switching to { $name }
done-switched = Switched to { $name }
done-cloned = Made { $name }
done-renamed = Renamed to { $name }
done-deleting = Deleting { $name }
done-deleted = Deleted { $name }
done-restored = Brought back { $name }
