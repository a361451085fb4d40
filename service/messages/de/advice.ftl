# Wovor Quellen warnen. $text ist der Satz der Quelle selbst.
advice-broken = defekt
advice-vulnerable = unsicher
advice-malware = schädlich
reason-advised-against = { $severity ->
    [malware] { $source } nennt es schädlich: { $text }
    [broken] { $source } nennt es defekt: { $text }
   *[other] { $source } nennt es unsicher: { $text }
}
reason-advised-installed = { $count ->
    [one] Vor { $count } installierten Paket wird gewarnt
   *[other] Vor { $count } installierten Paketen wird gewarnt
}
reason-sharing-advised-against = Eine Quelle warnt davor; es wird niemandem gegeben
explain-advised-against = { $versions ->
    [any] Vor { $package } wird gewarnt: { $reason }.
   *[other] Vor { $package } { $versions } wird gewarnt: { $reason }.
}
cause-quarantine = { $titles } ausgeschaltet, weil davor gewarnt wird
