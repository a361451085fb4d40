# Eigene Spiele.

settings-games = Spiele
games-about = Diese Spiele kennt Muster. Ein anderes lässt sich hinzufügen: Sag, wie es heißt, was es startet und woher es Mods nimmt.
games-found = gefunden
games-not-found = auf diesem Rechner nicht gefunden
games-own = von dir hinzugefügt
games-remove = Vergessen…
games-remove-label = { $title } vergessen…
games-add = Ein eigenes Spiel hinzufügen…
games-new = Ein eigenes Spiel
games-title = Titel
games-program = Programm, das es startet
games-folder = Ordner, aus dem es Mods nimmt
games-choose = Wählen…
games-none-chosen = noch nichts gewählt
games-layout = Wie Mods dort liegen
games-layout-folder-each = Jede Mod in einem eigenen Ordner
games-layout-together = Alle Dateien aller Mods nebeneinander
games-confirm-about = Ein Fenster deiner Oberfläche zeigt, was gestartet wird, und fragt noch einmal.
games-do = Spiel hinzufügen…
done-game-added = { $title } hinzugefügt
done-game-removed = { $title } vergessen
games-others = { $count ->
    [one] { $count } weiteres Spiel ist bekannt und wurde hier nicht gefunden.
   *[other] { $count } weitere Spiele sind bekannt und wurden hier nicht gefunden.
}
