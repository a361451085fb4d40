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
