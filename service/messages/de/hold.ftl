# Pakete, die der Spieler bei einer Version hält. $reason ist sein eigener Satz.
cause-hold = { $titles } festgehalten
cause-unhold = { $titles } losgelassen
notice-held = { $reason ->
    [none] { $package } bleibt bei { $version }, weil du es festhältst.
   *[other] { $package } bleibt bei { $version }, weil du es festhältst: { $reason }.
}
cli-held = { $reason ->
    [none] festgehalten
   *[other] festgehalten: { $reason }
}
