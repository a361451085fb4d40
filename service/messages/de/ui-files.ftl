# Von Hand geänderte Dateien und die Prüfung aller Dateien.

files-list = Dateien, die nicht so sind, wie die Pakete sie brachten
files-waiting = Geänderte Dateien werden gesucht…
files-none = Keine Datei wurde von Hand geändert.
files-none-about = Muster überschreibt eine geänderte Datei nie ungefragt. „Dateien prüfen“ liest jede Datei und jedes Archiv.
files-away = Die Dateien dieses Profils liegen nicht in den Ordnern des Spiels, es gibt also nichts zu vergleichen.
files-column-file = Datei
files-column-package = Paket
files-column-state = Zustand
files-row = { $path }, { $state }, { $package }
files-state-undecided = geändert, bleibt vorerst
files-state-mine = deine
files-state-both = deine, zusammengeführt
files-state-conflict = deine; das Paket hat dieselben Zeilen geändert
files-state-edited = deine, wie Einstellungen es sind
files-state-changed = geändert
files-state-missing = fehlt
files-state-damaged = beschädigtes Archiv
files-about-undecided = Jemand hat diese Datei geändert, nachdem Muster sie abgelegt hat. Sie bleibt, wie sie ist, auch bei Aktualisierungen, bis du entscheidest.
files-about-mine = Du hast deine Fassung behalten. Was das Paket daran ändert, bleibt weg.
files-about-both = Du hast deine Fassung behalten. Was das Paket später ändert, kommt Zeile für Zeile dazu.
files-about-conflict = Du und das Paket habt dieselben Zeilen geändert. Deine gelten.
files-about-edited = Einstellungen darfst du ändern. An dieser Datei ist nichts falsch.
files-about-changed = Diese Datei ist nicht, wie sie abgelegt wurde. Reparieren hebt eine Kopie auf und holt die Datei des Pakets zurück.
files-about-missing = Diese Datei ist weg. Reparieren holt die Datei des Pakets zurück.
files-about-damaged = Die Bytes dieses Archivs haben sich auf der Platte verändert. Reparieren lädt es neu.
files-keep-mine = Meine behalten
files-keep-theirs = Die des Pakets behalten
files-keep-both = Beide behalten
files-keep-mine-about = Deine Datei bleibt, was Aktualisierungen auch bringen.
files-keep-theirs-about = Die Datei des Pakets kommt zurück. Eine Kopie deiner Datei bleibt in den Daten von Muster.
files-keep-both-about = Deine Datei bleibt, und spätere Änderungen des Pakets kommen dazu; wo beide dieselben Zeilen geändert haben, gelten deine.
files-decided = so entschieden
files-now = Entscheiden
files-undecided = { $count ->
    [one] { $count } Datei wurde außerhalb von Muster geändert oder entfernt
   *[other] { $count } Dateien wurden außerhalb von Muster geändert oder entfernt
}
files-see = { $count ->
    [one] { $count } Datei anzusehen
   *[other] { $count } Dateien anzusehen
}
files-selected = { $count ->
    [one] { $count } Datei ausgewählt
   *[other] { $count } Dateien ausgewählt
}
files-foot = M, P und B entscheiden · Umschalt und Pfeile wählen mehrere
files-repair = Reparieren
files-repairing = Wird repariert…
files-check-again = Dateien prüfen
files-damaged = { $count ->
    [one] { $count } Archiv ist beschädigt
   *[other] { $count } Archive sind beschädigt
}
files-edited = { $count ->
    [one] { $count } Datei mit eigenen Einstellungen
   *[other] { $count } Dateien mit eigenen Einstellungen
}
files-repair-about = Reparieren holt zurück, was fehlt oder beschädigt ist. Was von Hand geändert war, wird vorher aufgehoben; deine Einstellungen bleiben.

done-deciding = { $count ->
    [one] Entscheidung über { $file }
   *[other] Entscheidung über { $count } Dateien
}
done-kept-mine = { $count ->
    [one] Deine { $file } behalten
   *[other] Deine { $count } Dateien behalten
}
done-kept-theirs = { $count ->
    [one] { $file } des Pakets zurückgeholt
   *[other] { $count } Dateien von Paketen zurückgeholt
}
done-kept-both = { $count ->
    [one] Beide Fassungen von { $file } behalten
   *[other] Beide Fassungen von { $count } Dateien behalten
}
done-repairing = Dateien werden repariert
done-repaired = Dateien berichtigt
