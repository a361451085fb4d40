# What sources advise against. $text is the source's own sentence.
advice-broken = broken
advice-vulnerable = unsafe
advice-malware = harmful
reason-advised-against = { $severity ->
    [malware] { $source } calls it harmful: { $text }
    [broken] { $source } calls it broken: { $text }
   *[other] { $source } calls it unsafe: { $text }
}
reason-advised-installed = { $count ->
    [one] { $count } installed package is advised against
   *[other] { $count } installed packages are advised against
}
reason-sharing-advised-against = A source advises against it, so it is given to nobody
explain-advised-against = { $versions ->
    [any] { $package } is advised against: { $reason }.
   *[other] { $package } { $versions } is advised against: { $reason }.
}
cause-quarantine = Turned off { $titles }, advised against
cli-audit-by = said by { $source }, { $id }
cli-audit-fixed = version { $version } is without the fault
cli-audit-count = { $findings ->
    [0] Nobody advises against any of { $packages } packages; sources last asked: { $checked }.
   *[other] { $findings } of { $packages } packages are advised against; sources last asked: { $checked }.
}
cli-audit-way-out = Update them, or turn them off with muster quarantine. Nothing is deleted, and muster undo brings them back.
cli-audit-nothing = Nothing that is switched on in { $profile } is advised against.
