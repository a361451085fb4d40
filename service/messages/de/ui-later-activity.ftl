# Was der Dienst getan hat.

activity-list = Was der Dienst getan hat, das Neueste zuerst
activity-waiting = Was getan wurde, wird gelesen…
activity-nothing = Noch wurde nichts getan. Was ab jetzt installiert, geändert oder aufgefrischt wird, steht hier.
activity-none-such = Nichts hier ist von dieser Art.
activity-kinds = Art
activity-kind-all = Alles
activity-kind-packages = Mods
activity-kind-files = Dateien
activity-kind-sources = Quellen
activity-problems = { $count ->
    [0] Nur Probleme
    [one] Nur Probleme ({ $count })
   *[other] Nur Probleme ({ $count })
}
activity-every-game = Alle Spiele
activity-column-outcome = Ergebnis
activity-row = { $when }, { $what }, { $outcome } { $profile }
activity-done = Fertig
activity-members = Worum es ging
activity-to-history = Im Verlauf zeigen
activity-foot = { $count ->
    [one] { $count } Eintrag
   *[other] { $count } Einträge
}
activity-report = Diagnose kopieren…
activity-report-about = Das ist alles, was kopiert würde. Namen in Pfaden und alles außer dem Rechner in Adressen bleiben weg.
found-game = { $game } gefunden. Mods dafür gibt es bei: { $sources }
found-game-see = Quellen ansehen
