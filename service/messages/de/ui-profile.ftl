# Profil: Reihenfolge, Verlauf, Prüfungen, ein neues.

profile-waiting = Das Profil wird gelesen…
profile-counts = { $on } an, { $off } aus
profile-counts-updates = {", "}{ $count ->
    [one] { $count } Aktualisierung
   *[other] { $count } Aktualisierungen
}
profile-counts-held = {", "}{ $count ->
    [one] { $count } festgehalten
   *[other] { $count } festgehalten
}
profile-counts-problems = {", "}{ $count ->
    [one] { $count } Problem
   *[other] { $count } Probleme
}
profile-views = Ansicht
profile-view-order = Reihenfolge
profile-view-conflicts = Konflikte
profile-view-files = Dateien
profile-view-kept = Beiseite
profile-view-saves = Spielstände
profile-view-history = Verlauf
profile-view-vanilla = Original
profile-update = { $count } aktualisieren …
profile-add = Hinzufügen…
profile-filter = Dieses Profil filtern
profile-check = Dateien prüfen
profile-test = Probestart
profile-empty = In diesem Profil sind noch keine Mods.
profile-browse = Für { $game } stöbern
profile-no-match = Nichts in diesem Profil passt zu „{ $words }“.
profile-clear-filter = Filter leeren
profile-list = Mods in Ladereihenfolge
profile-row = { $title } von { $publisher }, { $state }, { $version } { $problem }
profile-toggle = { $title } ist an
profile-pending = Noch nicht bestätigt
profile-selection = Auswahl
profile-selected = { $count ->
    [one] { $count } ausgewählt
   *[other] { $count } ausgewählt
}
profile-remove = { $count ->
    [one] { $count } Mod entfernen
   *[other] { $count } Mods entfernen
}
profile-clear-selection = Esc hebt auf
profile-foot = Ziehen oder Alt und Pfeile verschieben · Leertaste schaltet ein oder aus · Umschalt und Pfeile wählen mehrere
entry-why = Hier, weil
entry-wished = Du hast es installiert
entry-nobody = Nichts braucht es mehr
entry-asked = Du hast { $root } installiert.
entry-chain = Du hast { $root } installiert; das braucht es über { $names }.
entry-places = Ordner dieses Profils

check-running = Jede Datei wird verglichen…
check-intact = { $count ->
    [one] { $count } Datei ist genau so, wie sie abgelegt wurde.
   *[other] Alle { $count } Dateien sind genau so, wie sie abgelegt wurden.
}
check-findings = { $count ->
    [one] { $count } Datei weicht ab, { $intact } sind wie abgelegt.
   *[other] { $count } Dateien weichen ab, { $intact } sind wie abgelegt.
}
check-changed = außerhalb von Muster geändert
check-missing = fehlt
test-running = Das Spiel startet ohne Fenster, um zu sehen, was es lädt…
test-loaded = { $count ->
    [one] Das Spiel hat { $count } Mod dieses Profils geladen.
   *[other] Das Spiel hat alle { $count } Mods dieses Profils geladen.
}
test-not-loaded = Das Spiel hat nicht geladen: { $names }
test-evidence = Was das Protokoll des Spiels sagt

cause-unnamed = Geändert ({ $code })

new-profile-title = Ein Profil anlegen
new-profile-about = Ein Profil ist ein Satz Mods für ein Spiel. Du kannst mehrere haben und zwischen ihnen wechseln; geändert wird nur, was verschieden ist.
new-profile-name = Name
new-profile-default = Meine Mods
new-profile-installation = Gefunden als
new-profile-folder = Ordner von { $game }
new-profile-create = Profil anlegen
