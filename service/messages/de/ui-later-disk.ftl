# Was Muster auf den Datenträgern belegt.

settings-disk = Speicherplatz
disk-about = Pakete werden einmal entpackt, wie viele Profile und Spiele sie auch haben, und in die Ordner der Spiele verknüpft, wo der Datenträger das kann.
disk-waiting = Wird zusammengezählt …
disk-total = { $size } in { $count ->
    [one] { $count } Paket
   *[other] { $count } Paketen
}
disk-away = Der Datenträger ist nicht da
disk-unique = Ein Profil
disk-shared = Mehrere Profile
disk-history = Frühere Stände
disk-reclaimable = Könnte weg
disk-archives = { $size } in { $count ->
    [one] { $count } Archiv
   *[other] { $count } Archiven
}
disk-archives-about = { $reclaimable } davon könnten weg; { $unfinished } sind unfertige Downloads.
disk-again = Neu zusammenzählen
disk-ways = Wie Pakete in die Ordner der Spiele kommen
disk-ways-about = Der beste Weg, der dort geht, durch Ausprobieren gefunden. Einstellungen von Mods sind immer Kopien.
