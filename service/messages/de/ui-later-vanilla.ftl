# Zurück zum Originalspiel, und der Beweis dafür.

vanilla-waiting = Jede Datei wird mit dem verglichen, was vor Muster da war…
vanilla-nothing = Muster hat in den Ordnern von { $game } nie etwas abgelegt; es gibt nichts herauszunehmen und nichts zu beweisen.
vanilla-verdict-ours = { $count ->
    [one] Mods von { $profile } liegen da: { $count } Datei von Muster.
   *[other] Mods von { $profile } liegen da: { $count } Dateien von Muster.
}
vanilla-verdict-original = { $game } ist wie vor Muster: von Muster ist nichts da, und jede Datei von vorher ist, wie sie war.
vanilla-verdict-departed = Von Muster ist nichts mehr da. Die unten genannten Dateien hat etwas anderes geändert.
vanilla-late = Was da war, wurde erst aufgeschrieben, als schon Mods lagen; was andere davor geändert haben, ist nicht bekannt.
vanilla-does = Was der Weg zurück tut
vanilla-does-out = { $count ->
    [one] Nimmt { $count } Datei von Muster aus den Ordnern von { $game }.
   *[other] Nimmt { $count } Dateien von Muster aus den Ordnern von { $game }.
}
vanilla-does-back = Legt jede Datei des Spiels zurück, die ein Mod verdrängt hatte, und vergleicht ihre Prüfsumme.
vanilla-does-keeps = { $profile } behält seine Mods. Rückgängig oder ein Wechsel dahin legt sie wieder hinein.
vanilla-does-stays = Welten, Spielstände, von Hand geänderte Dateien und solche, die Muster nicht kennt, bleiben, wo sie sind. Geänderte Einstellungen gehen mit dem Profil.
vanilla-do = Mods herausnehmen
vanilla-doing = Läuft: { $phase }
vanilla-put-back = Mods von { $profile } wieder hineinlegen
vanilla-proof = Beweis
vanilla-groups = Gruppen des Beweises
vanilla-copy = Als Text kopieren
vanilla-copied = Kopiert
vanilla-read = Jedes Byte vergleichen
vanilla-read-about = Liest jede Datei, damit auch Prüfsummen es beweisen, nicht nur Größe und Zeit. Dauert so lange, wie die Platte braucht.
vanilla-reading = Die Dateien werden angesehen…
vanilla-look-again = Noch einmal ansehen
vanilla-group-equal = Prüfsumme gleich
vanilla-group-unchanged = Unverändert nach Größe und Zeit
vanilla-group-departed = Von etwas anderem geändert
vanilla-group-modded = Schon verändert vorgefunden
vanilla-group-ours = Von Muster, noch da
vanilla-about-equal = War von einem Mod verdrängt, ist zurück: dieselben Bytes.
vanilla-about-unchanged = Nie angefasst: Größe, Zeit und Platz auf der Platte sind wie zuvor.
vanilla-about-departed = Vom Spiel, von dir oder einem anderen Programm geändert, gelöscht oder angelegt. Muster lässt sie in Ruhe.
vanilla-about-modded = War da, als Muster kam, von einem anderen Werkzeug. Muster lässt sie in Ruhe.
vanilla-about-ours = { $count ->
    [0] In den Ordnern des Spiels ist keine Datei von Muster.
    [one] In den Ordnern des Spiels ist { $count } Datei von Muster. Sie geht, wenn die Mods herausgenommen werden.
   *[other] In den Ordnern des Spiels sind { $count } Dateien von Muster. Sie gehen, wenn die Mods herausgenommen werden.
}
vanilla-list = Dateien: { $group }
vanilla-none = In dieser Gruppe ist keine Datei.
vanilla-cut = Die ersten { $shown } von { $count } sind aufgeführt.
vanilla-column-file = Datei
vanilla-column-place = Ordner
vanilla-column-note = Hinweis
vanilla-file-row = { $path }, { $place } { $note }
vanilla-how-changed = geändert
vanilla-how-gone = weg
vanilla-how-new = neu
vanilla-from = von { $of }
vanilla-text-title = { $game }: was in den Ordnern liegt, verglichen mit dem, was vor Muster da war ({ $date })

done-taking-out = Die Mods werden aus { $game } herausgenommen
done-taken-out = Die Mods sind aus { $game } heraus
