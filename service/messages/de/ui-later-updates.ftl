# Alle Aktualisierungen eines Profils auf einem Blatt.
updates-title = { $profile } aktualisieren?
updates-list = Aktualisierungen
updates-none = Es gibt nichts mehr zu aktualisieren.
updates-waiting = Sehe nach, was sich dadurch ändert …
updates-chosen = { $count } von { $all } gewählt
updates-download = { $size } herunterzuladen
updates-all = Alle
updates-stays = Bleibt bei { $version }: Was sonst hier ist, verträgt sich nicht mit der neueren.
updates-here = ist hier
updates-skip = Diese Version überspringen
updates-skip-of = Diese Version überspringen: { $title } { $version }
updates-hold = Festhalten …
updates-hold-of = Festhalten … { $title }
updates-unhold-of = Nicht mehr festhalten: { $title }
updates-along = Was mitkommt
updates-left = Bleibt, wie es ist
updates-skipped = Du überspringst diese Version. Eine neuere wird wieder angeboten.
updates-unskip = Wieder anbieten
updates-unskip-of = Wieder anbieten: { $title }
updates-keep = Jetzt nicht
updates-do = { $count ->
    [one] Aktualisieren · { $size }
   *[other] { $count } aktualisieren · { $size }
}
done-skipped = { $version } von { $title } wird nicht mehr angeboten.
done-unskipped = { $title } wird wieder angeboten.
