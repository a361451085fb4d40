# Abschnitte eines Auftrags.
job-phase-waiting = Wartet
job-phase-downloading = Lädt herunter
job-phase-checking = Prüft
job-phase-placing = Legt Dateien ab
job-phase-done = Fertig
job-phase-failed = Fehlgeschlagen
job-phase-cancelled = Abgebrochen

# Wie weit das Repository einer Quelle ist.
job-step-asking = Das Repository wird gefragt, was es gibt
job-step-receiving = { $objects } von { $total } Objekten empfangen · { $size }
job-step-joining = { $objects } von { $total } Objekten zusammengesetzt · { $size }

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
cause-shared = An { $titles } angeglichen
cause-clone = Kopie von { $profile }
cause-created = Bevor Muster etwas geändert hat

# Warum es eine Sicherung von Spielständen gibt, außer der Änderung, vor der sie entstand.
cause-by-hand = von Hand
cause-before-restore = bevor Sicherung { $number } zurückgeholt wurde

# Worauf ein Plan hinweist, bevor man zustimmt.
notice-new-publisher = Dies ist hier das erste Paket von { $publisher }.
notice-first-seen = { $count ->
    [one] { $packages } kommt von seiner Quelle ohne Prüfsumme. Muster holt es nur von der Quelle selbst, merkt sich, was kam, und nimmt für diese Version später nichts anderes an.
   *[other] { $count } Pakete kommen von ihrer Quelle ohne Prüfsumme, darunter { $packages }. Muster holt sie nur von der Quelle selbst, merkt sich, was kam, und nimmt für diese Versionen später nichts anderes an.
}
notice-changed-by-hand = { $count ->
    [one] { $count } Datei wurde von Hand geändert und bleibt, wie sie ist: { $files }
   *[other] { $count } Dateien wurden von Hand geändert und bleiben, wie sie sind, darunter { $files }
}
