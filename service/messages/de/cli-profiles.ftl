# Das Terminal: Profile, ihr Verlauf und was in den Ordnern eines Spiels liegt.
cli-profile-name = Profil
cli-profile-game = Spiel
cli-profile-state = Zustand
cli-profile-placed = in den Ordnern des Spiels
cli-profile-not-placed = nicht in den Ordnern des Spiels
cli-profile-packages = Pakete
cli-profile-counts = { $on } an, { $off } aus
cli-profile-generation = Stand des Verlaufs
cli-profile-world = Welt
cli-profile-side = Für
cli-profile-platform = Läuft auf
cli-profile-platform-chosen = { $platform } (von dir festgelegt)
cli-side-client = Spieler
cli-side-server = Server
cli-side-both = Spieler und Server
cli-profile-deleted = { $profile } ist aus den Ordnern des Spiels und aus der Liste verschwunden. Zurück kommt es mit: muster profile restore "{ $profile }"
cli-profile-until = kann zurück bis { $time }

cli-history-same = Beide Stände haben dieselben Pakete.
cli-history-pruned = { $count ->
    [0] Jeder Stand bleibt.
    [one] { $count } Stand wurde aufgegeben.
   *[other] { $count } Stände wurden aufgegeben.
}

cli-vanilla-nothing = Muster hat in den Ordnern dieses Spiels nie etwas abgelegt.
cli-vanilla-equal = Prüfsumme gleich (war verdrängt, ist zurück)
cli-vanilla-unchanged = Unverändert nach Größe und Zeit (nie angefasst)
cli-vanilla-departed = Von etwas anderem geändert
cli-vanilla-modded = Schon verändert vorgefunden
cli-vanilla-ours = Dateien von Muster
cli-vanilla-changed = geändert
cli-vanilla-gone = weg
cli-vanilla-new = neu
cli-vanilla-from = von { $of }
cli-vanilla-more = Die Listen gehen weiter: mit --json siehst du mehr.
cli-vanilla-late = Was da war, wurde erst aufgeschrieben, als schon Mods lagen: was andere davor geändert haben, ist nicht bekannt.
cli-vanilla-original = Von Muster ist nichts mehr da, und jede Datei von vorher ist, wie sie war.
cli-vanilla-departed-verdict = Von Muster ist nichts mehr da. Die genannten Dateien hat etwas anderes geändert.
cli-vanilla-ours-verdict = Mods liegen noch da. Heraus kommen sie mit: muster vanilla

cli-verify-edited = deine
cli-verify-repaired = Repariert. Was von Hand geändert war, ist bei diesem Spiel in den Daten von Muster aufgehoben.

cli-drift-none = Nichts wurde von Hand geändert.
cli-drift-undecided = geändert, bleibt vorerst
cli-drift-mine = deine
cli-drift-both = deine, zusammengeführt
cli-drift-conflict = deine; das Paket hat dieselben Zeilen geändert
cli-drift-decide = Entscheide mit: muster drift keep mine|theirs|both DATEI
cli-drift-repair = Fehlende Dateien zurückholen mit: muster verify --repair

cli-kept-none = Von keiner Datei ist eine Fassung beiseitegelegt.
cli-kept-replaced = etwas anderes nahm ihren Platz ein
cli-kept-displaced = kommt von selbst zurück, wenn { $package } geht
cli-kept-hidden = kommt von selbst zurück, mit { $package } oder mit dem ursprünglichen Spiel
cli-kept-found = nach einem Absturz gefunden; woher, ist nicht bekannt
cli-kept-how = Zurück kommt eine mit: muster kept restore DATEI
cli-kept-restored = Zurückgeholt. Was da war, ist beiseitegelegt; muster undo macht es rückgängig.
cli-kept-goes = { $count ->
    [one] { $count } Fassung ({ $size }) wäre endgültig weg.
   *[other] { $count } Fassungen ({ $size }) wären endgültig weg.
}
cli-kept-freed = { $count ->
    [0] Nichts wurde aufgegeben.
    [one] { $count } Fassung wurde aufgegeben: { $size }.
   *[other] { $count } Fassungen wurden aufgegeben: { $size }.
}

cli-adopt-archive = am Archiv erkannt
cli-adopt-manifest = an der Beschreibung erkannt
cli-adopt-known = an der Liste erkannt, als Paket einer Quelle
cli-adopt-copied = Der Ordner des anderen Programms bleibt, wie er ist. Das Spiel bekommt eigene Dateien; nichts wird geladen.
cli-adopt-copied-done = Übernommen. Der Ordner des anderen Programms ist, wie er war; muster undo nimmt die Mods wieder aus dem Spiel.
cli-adopt-mods = { $count ->
    [one] { $count } Mod
   *[other] { $count } Mods
}
cli-adopt-none-found = Hier wurden keine Profile von r2modman, dem Thunderstore Mod Manager oder Gale gefunden. Nenne ihren Ordner, falls er woanders liegt.
cli-adopt-unknown = bleibt deins
cli-adopt-off = bleibt deins: dort ausgeschaltet
cli-adopt-odd = bleibt deins: Verknüpfungen oder besondere Dateien
cli-adopt-count = { $count ->
    [one] { $count } Datei
   *[other] { $count } Dateien
}
cli-adopt-nothing = Für { $game } gibt es nichts zu übernehmen. Nenne mit --game ein anderes Spiel, oder einen Ordner.
cli-adopt-managed = { $count ->
    [one] { $count } Mod gehört schon zum Profil.
   *[other] { $count } Mods gehören schon zum Profil.
}
cli-adopt-how = Nichts wird verschoben, geändert oder geladen. Mods, die niemand erkennt, bleiben deine.
cli-adopt-done = Übernommen. Jede Datei liegt, wo sie war; muster undo gibt sie dir zurück.

cli-share-written = { $file } ist Fassung { $version } mit { $count } { $count ->
    [one] Paket
   *[other] Paketen
}. Lege die Datei irgendwo ins Netz, oder gib sie weiter.
cli-share-left-out = { $package } gibt es nur auf diesem Rechner und fehlt darin: Andere können es nicht bekommen.
cli-share-unsigned = Niemand hat es unterschrieben: Andere können es anwenden, aber ihm nicht folgen. Unterschreibe mit --key.
cli-shared-what = { $name }, Fassung { $version } vom { $time }, { $count } { $count ->
    [one] Paket
   *[other] Pakete
}
cli-shared-signed = Unterschrieben von: { $words }
cli-shared-owner = Gehört auch: { $words }
cli-shared-unsigned = Niemand hat es unterschrieben.
cli-shared-side = Das Profil, von dem es stammt, ist für { $side }; deins bleibt, was es ist
cli-shared-platform = Das Spiel, für das es geschrieben wurde, läuft unter { $platform }; deins bleibt, was es ist
cli-shared-other-side = { $count ->
    [one] { $count } Paket davon bleibt draußen: Es ist für die andere Seite eines Netzwerkspiels als { $profile }
   *[other] { $count } Pakete davon bleiben draußen: Sie sind für die andere Seite eines Netzwerkspiels als { $profile }
}
cli-shared-source = Es braucht die Quelle { $source }. Füge sie hinzu, wenn du ihr traust, und versuche es noch einmal: muster source add
cli-shared-same = { $profile } ist schon so.
cli-shared-followed = { $name } wird jetzt gefolgt. Neues wird dir gezeigt, bevor es angewendet wird: muster profile pull. Hat das Profil eine Regel (muster profile policy), kommt es nach ihr.
cli-followed-news = Fassung { $version } ist da
cli-followed-same = nichts Neues
cli-followed-none = Kein Profil folgt einem anderen.

cli-pack-what = { $name }: { $count ->
    [one] { $count } Mod
   *[other] { $count } Mods
} für { $game }
cli-pack-need = Gemacht für { $what } { $version }. Das installiert Muster nicht.
cli-pack-found = gefunden
cli-pack-found-off = gefunden, ausgeschaltet
cli-pack-other = nicht in dieser Fassung; die neueste ist { $version }. Bleibt weg
cli-pack-address = in keiner Quelle; kommt von { $host }, an der Prüfsumme erkannt
cli-pack-unknown = in keiner Quelle. Bleibt weg
cli-pack-files = { $count ->
    [one] { $count } eigene Datei ({ $size }) kommt mit, als ein Paket von dir.
   *[other] { $count } eigene Dateien ({ $size }) kommen mit, als ein Paket von dir.
}
cli-pack-behind = { $count ->
    [one] { $count } Datei bleibt zurück:
   *[other] { $count } Dateien bleiben zurück:
}
cli-pack-refused-program = ein Programm, und aus keiner Quelle
cli-pack-refused-outside = in keinem Ordner für Mods oder ihre Einstellungen
cli-pack-refused-protected = gehört zum Spiel oder dir
cli-pack-refused-name = Name oder Beschreibung sind nicht brauchbar
cli-pack-refused-address = von einer Adresse, die nicht gefragt wird
