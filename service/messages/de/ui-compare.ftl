# Fassungen einer von Hand geänderten Datei, nebeneinander.

compare-open = Fassungen vergleichen…
compare-close = Zurück zur Liste
compare-list = Zeilen von { $file }
compare-waiting = Die Fassungen werden gelesen…
compare-views = Was zu sehen ist
compare-view-changes = Änderungen
compare-view-all = Alle Zeilen
compare-view-merged = Beide, zusammengeführt
compare-base = Wie sie kam
compare-mine = Deine
compare-theirs = Die des Pakets jetzt
compare-by = Geändert von
compare-by-nobody = {""}
compare-by-mine = dir
compare-by-theirs = Paket
compare-by-both = beiden
compare-by-alike = beiden gleich
compare-skipped = { $count ->
    [one] { $count } Zeile davor, die niemand geändert hat, ist ausgelassen
   *[other] { $count } Zeilen davor, die niemand geändert hat, sind ausgelassen
}
compare-row = { $by }: { $mine }
compare-same = Deine Datei hat dieselben Zeilen wie die des Pakets.
compare-no-base = Die Datei, wie sie kam, ist nicht mehr da, also lässt sich nichts zusammenführen. Dies ist deine.
compare-no-theirs = Kein Paket hat diese Datei noch als Text. Dies ist deine.
compare-unmerged = Wo beide dieselben Zeilen geändert haben, gelten deine: Das würde „Beide behalten“ ablegen.
compare-merged = Das würde „Beide behalten“ ablegen.
compare-conflict = Du und das Paket habt dieselben Zeilen geändert. „Beide behalten“ behält dort deine.
compare-counts = { $mine ->
    [0] du hast nichts geändert
    [one] { $mine } Zeile von dir
   *[other] { $mine } Zeilen von dir
} · { $theirs ->
    [0] das Paket hat seitdem nichts geändert
    [one] { $theirs } Zeile des Pakets
   *[other] { $theirs } Zeilen des Pakets
} · { $both ->
    [0] nichts, was beide geändert haben
    [one] { $both } Zeile, die beide geändert haben
   *[other] { $both } Zeilen, die beide geändert haben
}
