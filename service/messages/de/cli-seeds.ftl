# Das Terminal: was behalten und geteilt wird, die Downloads, andere Spieler.
cli-seed-checking = wird geprüft
cli-seed-pinned = angeheftet
# $given ist eine Menge mit Einheit.
cli-seed-given = gab { $given }
# $used, $limit und $given sind Mengen mit Einheit.
cli-seed-total = { $count ->
    [one] { $count } Archiv, { $used } von { $limit }; { $offered } geteilt; { $given } an andere gegeben
   *[other] { $count } Archive, { $used } von { $limit }; { $offered } geteilt; { $given } an andere gegeben
}
cli-seed-empty = Nichts wird behalten.
cli-free-goes = geht
cli-free-stays = bleibt
cli-free-unfinished = unfertiger Download
# $freed und $wanted sind Mengen mit Einheit.
cli-free-amount = { $freed } würden frei. Deine Mods bleiben an ihrem Platz; was wieder nötig ist, wird wieder geholt.
cli-free-less = Von { $wanted } lassen sich nur { $freed } freimachen.
cli-free-others = { $count ->
    [one] { $count } weiteres Archiv bleibt.
   *[other] { $count } weitere Archive bleiben.
}
cli-free-done = { $freed } frei gemacht.
cli-queue-empty = Nichts wird heruntergeladen.
# Mengen mit Einheit, danach, woher sie kamen.
cli-queue-split = { $here } hier, { $peers } von Spielern, { $servers } von Servern
# $name ist, was verlangt wurde; $done, $total und $left sind Mengen, $rate ist ein Tempo.
cli-queue-group = { $name }: { $complete } von { $archives }, { $done } von { $total }, noch { $left }, { $rate }
cli-queue-group-time = { $name }: { $complete } von { $archives }, { $done } von { $total }, noch { $left }, { $rate }, { $time }
cli-queue-all = Zusammen
cli-queue-checking = wird geprüft
cli-queue-done = fertig
cli-peers-nobody = Niemand ist verbunden.
cli-peers-wrong = { $count ->
    [one] { $count } falscher Block
   *[other] { $count } falsche Blöcke
}
cli-peers-seed = hat alles
cli-via-named = genannt
cli-via-lan = lokales Netz
cli-via-tracker = Tracker
cli-via-dht = DHT
cli-via-pex = andere Spieler
cli-via-incoming = kam zu uns
cli-peer-idle = ruht
cli-peer-taking = nimmt
cli-peer-giving = gibt
cli-peer-both = nimmt und gibt
