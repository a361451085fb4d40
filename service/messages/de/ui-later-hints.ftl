# Was im Fenster bei Fehlern zu tun ist, deren allgemeiner Rat einen Befehl des Terminals nennt.

hint-service-protocol = Fenster und Dienst sind vielleicht verschiedener Fassung. Beende den Dienst über sein Zeichen in der Leiste und starte Muster neu.
hint-cli-not-advised = Nichts wurde geändert. Es lässt sich im Profil abschalten.
hint-shared-not-following = Nichts wurde geändert. Einem Profil folgt man, wenn ein geteiltes unter Profile, „Einfügen oder öffnen…“ angewendet wird.
hint-not-a-collection = Nichts wurde geändert. Es lässt sich auf seiner Seite installieren.
hint-pack-game-unknown = Nichts wurde geändert. Wähle ein Profil des Spiels, für das es ist.
hint-pack-unknown-form = Nichts wurde geändert. Archive mit Mods öffnet man unter Profile, „Einfügen oder öffnen…“.
hint-kept-unknown = Nichts wurde geändert. Die Liste unter „Beiseite“ zeigt, was da ist.
hint-game-taken = Nichts wurde geändert. Wähle einen anderen Namen.
hint-saves-no-snapshot = Nichts wurde geändert. Die Liste unter „Spielstände“ zeigt, welche da sind.
hint-saves-unknown = Nichts wurde geändert. Die Liste unter „Spielstände“ zeigt, was in jeder Sicherung ist.
hint-saves-too-large = Nichts wurde geändert. Erlaube mehr unter Spielstände, „Wie viel bleibt…“, oder schalte Sicherungen dort ab.
