# Fragen an den Dienst. $detail ist technisch und englisch.
# error-service-unreachable ist in errors-ui.ftl; das Terminal hat einen eigenen Hinweis in cli.ftl.
error-service-not-found = Das Programm muster-service fehlt.
error-service-not-found-hint = Es gehört in denselben Ordner wie dieses Programm. Installiere Muster neu; deine Mods und Einstellungen bleiben.
error-window-not-found = Das Programm des Fensters, muster-app, fehlt.
error-window-not-found-hint = Es gehört in denselben Ordner wie dieses Programm. Wo Muster ohne Fenster installiert ist, geht alles im Terminal (»muster --help«).
error-window-start = Das Fenster ließ sich nicht öffnen: { $detail }
error-window-start-hint = Bis dahin geht alles im Terminal (»muster --help«). Eine neue Installation von Muster bringt ein neues Programm; deine Mods und Einstellungen bleiben.
error-service-start = Der Dienst von Muster konnte nicht gestartet werden: { $detail }
error-service-start-hint = Nichts wurde geändert. Sieh in seine Protokolldatei, oder starte muster-service in einem Terminal, um den Grund zu sehen.
error-service-protocol = Die Antwort des Dienstes von Muster war nicht zu verstehen ({ $detail }).
error-service-protocol-hint = Fenster, Terminal und Dienst haben vielleicht verschiedene Versionen. Beende den Dienst mit muster stop und versuche es noch einmal.
error-service-other-version = Der Dienst von Muster hat eine andere Version: Er spricht { $min } bis { $max }.
error-service-other-version-hint = Beende den Dienst mit muster stop; der nächste Befehl startet den richtigen. Deine Mods bleiben, wie sie sind.
error-service-foreign = Was an der Stelle des Dienstes von Muster antwortet, gehört einem anderen Benutzer.
error-service-foreign-hint = Es wurde nichts dorthin gesendet. Frag, wer sich um diesen Rechner kümmert, oder setze MUSTER_HOME auf einen eigenen Ordner.
