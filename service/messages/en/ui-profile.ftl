# Profile: order, history, checks, a new one.

profile-waiting = Reading the profile…
profile-counts = { $on } on, { $off } off
profile-counts-updates = {", "}{ $count ->
    [one] { $count } update
   *[other] { $count } updates
}
profile-counts-held = {", "}{ $count ->
    [one] { $count } held back
   *[other] { $count } held back
}
profile-counts-problems = {", "}{ $count ->
    [one] { $count } problem
   *[other] { $count } problems
}
profile-views = View
profile-view-order = Order
profile-view-conflicts = Conflicts
profile-view-files = Files
profile-view-kept = Set aside
profile-view-saves = Saves
profile-view-history = History
profile-view-vanilla = Original
profile-update = Update { $count }…
profile-add = Add…
profile-filter = Filter this profile
profile-check = Check files
profile-test = Test start
profile-empty = No mods in this profile yet.
profile-browse = Browse for { $game }
profile-no-match = Nothing in this profile matches “{ $words }”.
profile-clear-filter = Clear the filter
profile-list = Mods in load order
profile-row = { $title } by { $publisher }, { $state }, { $version } { $problem }
profile-toggle = { $title } is on
profile-pending = Not confirmed yet
profile-selection = Selection
profile-selected = { $count ->
    [one] { $count } selected
   *[other] { $count } selected
}
profile-remove = { $count ->
    [one] Remove { $count } mod
   *[other] Remove { $count } mods
}
profile-clear-selection = Esc to clear
profile-foot = Drag, or Alt and arrows, move · Space turns on or off · Shift and arrows select several
entry-why = Here because
entry-wished = You installed it
entry-nobody = Nothing needs it any more
entry-asked = You installed { $root }.
entry-chain = You installed { $root }, which needs it by way of { $names }.
entry-places = Folders of this profile

check-running = Comparing every file…
check-intact = { $count ->
    [one] { $count } file is exactly as it was placed.
   *[other] All { $count } files are exactly as they were placed.
}
check-findings = { $count ->
    [one] { $count } file differs, { $intact } are as they were placed.
   *[other] { $count } files differ, { $intact } are as they were placed.
}
check-changed = changed outside Muster
check-missing = missing
test-running = Starting the game without a window to see what it loads…
test-loaded = { $count ->
    [one] The game loaded { $count } mod of this profile.
   *[other] The game loaded all { $count } mods of this profile.
}
test-not-loaded = The game did not load: { $names }
test-evidence = What the game’s log says

cause-unnamed = Changed ({ $code })

new-profile-title = Make a profile
new-profile-about = A profile is a set of mods for one game. You can have several and switch between them; only what differs is changed.
new-profile-name = Name
new-profile-default = My mods
new-profile-installation = Found as
new-profile-folder = Folder of { $game }
new-profile-create = Make the profile
