# Rahmen des Fensters: Kopf, Leiste, Inspektor, Puls, Tasten, Links, Meldungen.

place-library = Bibliothek
place-first-run = Willkommen
place-browse = Stöbern
place-package = Paket
place-collections = Sammlungen
place-profile = Profil
place-profiles = Profile
place-lobby = Lobby
place-downloads = Downloads
place-seeding = Teilen
place-sources = Quellen
place-activity = Aktivität
place-settings = Einstellungen
unknown-place = Hier ist nichts
unknown-place-about = Diese Adresse gehört zu keiner Ansicht des Fensters.

region-top = Spiel und Suche
region-rail = Ansichten
region-inspector = Inspektor
region-pulse = Dienst und Meldungen
inspector-resize = Breite des Inspektors
inspector-nothing = Wähle eine Zeile, um mehr zu sehen.
inspector-open = Seite öffnen
back-to-list = Zurück zur Liste

top-menu = Ansichten
top-game = Spiel
top-profile = Profil
top-new-profile = Neues Profil…
top-all-profiles = Alle Profile…
top-search = Mods für { $game } suchen
top-search-any = Mods suchen
top-search-tip = Suchen · Strg+F oder /
top-search-clear = Suche leeren

rail-problems = { $count ->
    [one] { $count } Problem
   *[other] { $count } Probleme
}
rail-updates = { $count ->
    [one] { $count } Aktualisierung
   *[other] { $count } Aktualisierungen
}
rail-failed = { $count ->
    [one] { $count } fehlgeschlagener Download
   *[other] { $count } fehlgeschlagene Downloads
}
rail-waiting = { $count ->
    [one] { $count } Download unterwegs
   *[other] { $count } Downloads unterwegs
}

pulse-connecting = Verbindet…
pulse-stopped = Der Dienst läuft nicht. Gezeigt wird der letzte bekannte Stand.
pulse-start = Dienst starten
pulse-idle = Bereit
pulse-working = Arbeitet
pulse-sharing = Teilt
pulse-paused = Angehalten
pulse-attention = Braucht dich
pulse-down = Downloadgeschwindigkeit
pulse-up = Uploadgeschwindigkeit
pulse-all = Alle Downloads
pulse-earlier = { $count ->
    [one] { $count } frühere Meldung
   *[other] { $count } frühere Meldungen
}
close-message = Meldung schließen
spoken-status = { $count ->
    [0] Nichts wird geladen.
    [one] { $count } Download unterwegs mit { $speed }.
   *[other] { $count } Downloads unterwegs mit { $speed }.
} { $problems ->
    [0] Keine Probleme in diesem Profil.
    [one] { $problems } Problem in diesem Profil.
   *[other] { $problems } Probleme in diesem Profil.
}

done-installing = { $title } wird installiert
done-updating = { $count ->
    [one] { $title } wird aktualisiert
   *[other] { $count } Mods werden aktualisiert
}
done-removed = { $count ->
    [one] { $title } wird entfernt
   *[other] { $count } Mods werden entfernt
}
done-enabled = { $count ->
    [one] { $title } eingeschaltet
   *[other] { $count } Mods eingeschaltet
}
done-disabled = { $count ->
    [one] { $title } ausgeschaltet
   *[other] { $count } Mods ausgeschaltet
}
done-undone = Rückgängig gemacht: { $what }
undo-waits = Rückgängig folgt, sobald die Änderung davor beendet ist
done-cancelled = Abgebrochen
done-setting = Einstellung geändert
done-started = { $game } startet
done-syncing = { $source } wird aufgefrischt
done-source-removed = Quelle { $source } entfernt. Installierte Mods bleiben.
done-source-added = Quelle { $source } hinzugefügt
done-key-trusted = Dem neuen Schlüssel von { $publisher } wird jetzt vertraut
job-done-change = { $count ->
    [0] Profil geändert
    [one] Fertig: { $title }
   *[other] Fertig: { $count } Mods
}
job-done-go-back = Die Dateien sind wieder wie vorher
job-done-repair = Dateien in den Ordnern des Spiels sind auf Stand
job-done-sync = Quellen aufgefrischt
job-failed = { $count ->
    [0] { $why }
    [one] { $title }: { $why }
   *[other] { $count } Mods: { $why }
}

keys-title = Tasten
keys-anywhere = Überall
keys-lists = In Listen
keys-game-row = Auf einem Spiel
keys-package-row = Auf einem Paket
keys-collection-row = Auf einem Paket einer Sammlung
keys-profile-row = In einem Profil
keys-transfer-row = Auf einem Download
keys-file-row = Auf einer geänderten Datei
keys-kept-row = Auf einer beiseitegelegten Fassung
keys-saves-row = Auf einer Sicherung von Spielständen
keys-source-row = Auf einer Quelle
keys-seed-row = Auf einem behaltenen Archiv
keys-profiles-row = Auf einem Profil
keys-state-row = Auf einem Stand des Verlaufs
key-search = Suchen oder diese Ansicht filtern
key-game = Spiel wählen
key-profile = Profil wählen
key-play = Spielen
key-undo = Rückgängig
key-pause-all = Alle Downloads anhalten oder fortsetzen
key-inspector = Inspektor zeigen oder verbergen
key-next-region = Nächster Teil des Fensters
key-previous-region = Voriger Teil des Fensters
key-back = Zurück
key-forward = Vorwärts
key-refresh = Quellen auffrischen
key-help = Tasten zeigen
key-speak = Stand vorlesen
key-move = In der Liste bewegen
key-page = Seitenweise, zum Anfang, zum Ende
key-menu = Alles, was sich damit tun lässt
key-name-space = Leertaste
key-name-delete = Entf
key-open-profile = Profil öffnen
key-open = Als Seite öffnen
key-leave = Zurück zur Liste, dann Filter leeren
key-range = Mehrere auswählen
key-all = Alle auswählen
key-reorder = In der Ladereihenfolge verschieben
key-toggle = Ein- oder ausschalten, anhalten oder fortsetzen
key-install = Installieren
key-update = Aktualisieren
key-remove = Entfernen
key-hold = Bei der Version festhalten oder nicht mehr
key-lanes = Zu Jetzt, Nächste, Nebenbei
key-compare-file = Fassungen vergleichen
key-keep-mine = Meine Fassung der Datei behalten
key-keep-theirs = Fassung des Pakets behalten
key-keep-both = Beide Fassungen behalten
key-bring-back = Zurückholen
key-let-go = Endgültig aufgeben
key-snapshot = Spielstände jetzt sichern
key-source-toggle = Quelle ein- oder ausschalten
key-source-move = Quelle in deiner Reihenfolge verschieben
key-source-sync = Quelle auffrischen
key-pin = Anheften oder mit der Zeit gehen lassen
key-pause-seed = Nicht mehr oder wieder teilen
key-free-seed = Aufgeben
key-rename = Umbenennen
key-choose-member = Auswählen oder weglassen
key-compare = Andere mit diesem Stand vergleichen

link-reading-title = Ein Link wurde geöffnet
link-reading-text = Es wird nachgesehen, was er möchte. Dabei ändert sich nichts.
link-install-title = { $title } in { $profile } installieren?
link-present-title = { $title } ist schon in diesem Profil
link-unknown-title = Mit dem Link zu { $package } wurde nichts getan
link-unknown-text = Der Link nennt eine Quelle, die nicht zu deinen gehört; darum wurde nichts geholt. Füge die Quelle zuerst hinzu, wenn du ihr vertraust.
link-source-title = Diese Quelle hinzufügen?
link-source-known-title = Diese Quelle hast du schon
link-source-text = Eine Webseite oder ein Programm möchte eine Quelle für Mods hinzufügen. Vergleiche die Wörter unten mit denen, die ihr Betreiber zeigt.
link-refused-title = Dieser Link ist nicht zu gebrauchen
link-from = aus { $source }
link-cost = { $count ->
    [one] { $count } Änderung, { $size } zu laden
   *[other] { $count } Änderungen, { $size } zu laden
}
link-install = Installieren · { $size }
