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
cli-audit-by = sagt { $source }, { $id }
cli-audit-fixed = Version { $version } hat den Fehler nicht
cli-audit-count = { $findings ->
    [0] Vor keinem von { $packages } Paketen wird gewarnt; Quellen zuletzt gefragt: { $checked }.
   *[other] Vor { $findings } von { $packages } Paketen wird gewarnt; Quellen zuletzt gefragt: { $checked }.
}
cli-audit-way-out = Aktualisiere sie, oder schalte sie mit muster quarantine aus. Nichts wird gelöscht, und muster undo bringt sie zurück.
cli-audit-nothing = Vor nichts, das in { $profile } eingeschaltet ist, wird gewarnt.
