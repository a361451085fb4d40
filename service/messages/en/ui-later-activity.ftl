# What the service did.

activity-list = What the service did, newest first
activity-waiting = Reading what was done…
activity-nothing = Nothing was done yet. What is installed, changed or refreshed from now on stands here.
activity-none-such = Nothing here is of that kind.
activity-kinds = Kind
activity-kind-all = Everything
activity-kind-packages = Mods
activity-kind-files = Files
activity-kind-sources = Sources
activity-problems = { $count ->
    [0] Only problems
    [one] Only problems ({ $count })
   *[other] Only problems ({ $count })
}
activity-every-game = Every game
activity-column-outcome = Outcome
activity-row = { $when }, { $what }, { $outcome } { $profile }
activity-done = Done
activity-members = What it was about
activity-to-history = Show in the history
activity-foot = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
activity-report = Copy diagnostics…
activity-report-about = This is all that would be copied. Names in paths and everything but the host in addresses are left out.
found-game = Found { $game }. There are mods for it at: { $sources }
found-game-see = See the sources
