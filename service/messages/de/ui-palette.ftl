# Die Befehlssuche, und was dort eingefügt wird.

palette-title = Befehle
palette-placeholder = Tippe, was du suchst, oder füge einen Link ein
palette-results = Was passt
palette-nothing = Nichts passt.
palette-paste = Link einfügen…
palette-open-link = Ansehen, worum dieser Link bittet
palette-take = Als Mod oder geteiltes Profil ansehen
palette-as-source = Als Quelle ansehen
palette-tag = Mods mit dem Schlagwort „{ $value }“
palette-publisher = Mods von { $value }
palette-switch = Zu { $profile } wechseln
palette-view = { $view } von { $profile }
palette-offline = Offline gehen
palette-online = Online gehen
palette-no-game = Das braucht ein Spiel. Es wurde noch keines gefunden.
palette-group-link = Eingefügt
palette-group-recent = Zuletzt benutzt
palette-group-command = Befehle
palette-group-place = Orte
palette-group-package = Mods
palette-group-profile = Profile
palette-group-game = Spiele
palette-group-setting = Einstellungen
