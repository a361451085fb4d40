# Abschnitte eines Auftrags.
job-phase-waiting = Wartet
job-phase-downloading = Lädt herunter
job-phase-checking = Prüft
job-phase-placing = Legt Dateien ab
job-phase-done = Fertig
job-phase-failed = Fehlgeschlagen
job-phase-cancelled = Abgebrochen

# Warum es einen Stand eines Profils gibt. $titles sind Namen von Paketen, durch Kommas getrennt.
cause-install = { $titles } installiert
cause-remove = { $titles } entfernt
cause-update = { $titles } aktualisiert
cause-enable = { $titles } eingeschaltet
cause-order = Ladereihenfolge geändert
cause-disable = { $titles } ausgeschaltet
cause-undo = Zurück zu Stand { $generation }
cause-vanilla = Alles entfernt, was Muster abgelegt hatte
cause-repair = Dateien repariert
cause-activate = Als aktives Profil aufgespielt
cause-keep-mine = Deine Fassungen geänderter Dateien behalten
cause-keep-theirs = Dateien der Pakete zurückgeholt
cause-keep-both = Deine Änderungen neben denen der Pakete behalten
cause-bring-back = { $files } zurückgeholt
cause-adopt = { $titles } übernommen
cause-clone = Kopie von { $profile }
cause-created = Bevor Muster etwas geändert hat

# Warum es eine Sicherung von Spielständen gibt, außer der Änderung, vor der sie entstand.
cause-by-hand = von Hand
cause-before-restore = bevor Sicherung { $number } zurückgeholt wurde

# Worauf ein Plan hinweist, bevor man zustimmt.
notice-new-publisher = Dies ist hier das erste Paket von { $publisher }.
notice-changed-by-hand = { $count ->
    [one] { $count } Datei wurde von Hand geändert und bleibt, wie sie ist: { $files }
   *[other] { $count } Dateien wurden von Hand geändert und bleiben, wie sie sind, darunter { $files }
}
