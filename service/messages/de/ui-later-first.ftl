# Der erste Bildschirm.

first-title = Willkommen. Zwei Dinge sind schon eingerichtet, das dritte entscheidest du.
first-about = Nichts davon ist nötig, um weiterzukommen, und nichts geschieht, bevor du auf Stöbern drückst. Alles lässt sich später ändern.
first-games = Deine Spiele
first-looking = Spiele werden gesucht…
first-no-games = Auf diesem Rechner wurde kein Spiel gefunden, das Muster kennt. Du kannst selbst eines hinzufügen.
first-games-about = { $count ->
    [one] Hier gefunden. Muster ändert in einem Spiel nichts, bis du etwas installierst.
   *[other] { $count } hier gefunden. Muster ändert in einem Spiel nichts, bis du etwas installierst.
}
first-other-game = Ein Spiel fehlt…
first-sources = Woher Mods kommen
first-sources-about = Was angekreuzt ist, wird gelesen, sobald du beginnst. Angeboten wird, was zu deinen Spielen passt.
first-source-here = ist schon da
first-source-for = für { $games }
first-key = Schlüssel: { $words }
first-no-sources = Für diese Spiele ist keine Quelle bekannt. Füge eine über ihre Adresse hinzu oder öffne unten eine Datei.
first-source-add = Über Adresse hinzufügen…
first-sharing = Teilen
first-amounts = Höchstens { $speed } und { $size } auf der Platte. Beides lässt sich in den Einstellungen ändern.
first-take = Dir wurde etwas geschickt?
first-unanswered = Zum Teilen hast du nichts gesagt: Bis dahin lädt Muster nur.
first-later = Deine Antwort lässt sich jederzeit in den Einstellungen ändern.
first-skip = Überspringen
first-start = Stöbern
