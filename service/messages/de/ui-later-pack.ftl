# Packs, die andere Programme gemacht haben.
pack-about = { $count ->
    [one] Ein Mod, { $found } davon gibt es hier.
   *[other] { $count } Mods, { $found } davon gibt es hier.
}{ $version ->
    [none] { "" }
   *[other] { " " }Version { $version }.
}
pack-need = Es ist für { $what } { $version } gemacht. Das installiert Muster nicht.
pack-mods = Mods des Packs
pack-found = gefunden
pack-found-off = gefunden, ausgeschaltet
pack-other = nicht in dieser Version; die neueste ist { $version }. Bleibt weg
pack-address = in keiner Quelle; kommt von { $host }, an der Prüfsumme erkannt
pack-unknown = in keiner Quelle. Bleibt weg
pack-files = { $count ->
    [one] Eine eigene Datei ({ $size }) kommt mit, als Paket von dir.
   *[other] { $count } eigene Dateien ({ $size }) kommen mit, als Paket von dir.
}
pack-behind = { $count ->
    [one] Eine Datei bleibt weg
   *[other] { $count } Dateien bleiben weg
}
pack-refused-program = Ein Programm, und aus keiner Quelle.
pack-refused-outside = Nicht in einem Ordner für Mods oder ihre Einstellungen.
pack-refused-protected = Gehört dem Spiel oder dir.
pack-refused-name = Name oder Beschreibung taugt nicht.
pack-refused-address = Von einer Adresse, die nicht gefragt wird.
pack-next = Als Nächstes wird geholt und geprüft, was es selbst mitbringt. Dann siehst du jede Änderung, bevor sie gemacht wird.
pack-take = Holen und weiter
