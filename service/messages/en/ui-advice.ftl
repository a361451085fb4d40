# What sources advise against, in the window.
against-fixed = Version { $version } is without the fault.
# $id is the source's own name of the statement, such as 2026-7.
against-more = More about { $id }
against-quarantine = Quarantine
audit-found = { $on ->
    [0] { $off ->
        [one] { $off } package that is advised against is turned off
       *[other] { $off } packages that are advised against are turned off
    }
    [one] { $on } package that is on is advised against
   *[other] { $on } packages that are on are advised against
}
audit-elsewhere-only = Packages in other profiles are advised against
audit-is-off = turned off
audit-quarantine-about = Turns it off as one step that can be undone. Nothing is deleted.
audit-quarantine-all = { $count ->
    [one] Quarantine { $count } package
   *[other] Quarantine all { $count }
}
audit-elsewhere = Also { $count } in { $profile }
audit-checked = Sources last asked { $when }
done-quarantined = { $count ->
    [one] { $title } is turned off, because a source advises against it.
   *[other] { $count } packages are turned off, because sources advise against them.
}
