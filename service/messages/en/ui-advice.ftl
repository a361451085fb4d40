# What sources advise against, in the window.
against-fixed = Version { $version } is without the fault.
# $id is the source's own name of the statement, such as 2026-7.
against-more = More about { $id }
against-quarantine = Quarantine
done-quarantined = { $count ->
    [one] { $title } is turned off, because a source advises against it.
   *[other] { $count } packages are turned off, because sources advise against them.
}
