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
hint-keyring-absent = Kein Schlüssel wurde irgendwo aufbewahrt, und der Dienst wird ohne gefragt. Schalte für deinen Desktop einen Schlüsselbund ein (GNOME Keyring, KWallet oder KeePassXC mit „Secret Service“), melde dich neu an und gib den Schlüssel dann hier noch einmal ein.
hint-source-no-preset = Nichts wurde geändert. Die Seite Quellen zeigt, welche es gibt; eine Quelle lässt sich auch über ihre Adresse hinzufügen.
hint-service-ended = Deine Mods sind im alten oder im neuen Stand, nie dazwischen. Öffne Muster neu, um den Dienst zu starten.
hint-service-does-not-stop = Er legt vielleicht noch Dateien ab. Warte einen Augenblick und sieh noch einmal nach; schalte den Rechner noch nicht aus.
hint-service-other-version = Beende den Dienst über sein Zeichen in der Leiste und starte Muster neu: Fenster und Dienst müssen von einer Version sein.
