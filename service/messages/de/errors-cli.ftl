error-cli-io = Lesen oder Schreiben ist fehlgeschlagen: { $detail }
error-cli-io-hint = Sonst wurde nichts geändert. Prüfe die Datei oder das Terminal und versuche es noch einmal.
error-cli-no-home = Dein persönlicher Ordner wurde nicht gefunden.
error-cli-no-home-hint = Setze MUSTER_HOME auf einen Ordner, den Muster benutzen darf.
error-cli-needs-yes = Das braucht deine Zustimmung, und es gibt kein Terminal, um zu fragen.
error-cli-needs-yes-hint = Nichts wurde geändert. Füge --yes hinzu, um zuzustimmen.
error-cli-not-agreed = Du hast nicht zugestimmt, also wurde nichts geändert.
error-cli-not-agreed-hint = Du kannst den Befehl jederzeit noch einmal geben.
error-cli-several-sources = { $package } gibt es in mehreren deiner Quellen: { $sources }
error-cli-several-sources-hint = Schreibe die Quelle davor: quelle:{ $package }
error-cli-needs-root = Der Fingerabdruck einer neuen Quelle muss bestätigt werden, und es gibt kein Terminal, um zu fragen.
error-cli-needs-root-hint = Vergleiche ihn mit dem, was die Betreiber der Quelle veröffentlicht haben, und gib ihn mit --root an.
error-cli-setting-syntax = { $text } ist keine Einstellung.
error-cli-setting-syntax-hint = Schreibe name=wert. Nichts wurde geändert.
error-cli-passphrase = Die Passphrase wurde nicht angenommen.
error-cli-passphrase-hint = Nimm mindestens { $least } Zeichen, beide Male dieselben; in einer Datei eine Zeile. Es wurde kein Schlüssel geschrieben oder benutzt.
error-cli-key-exists = Unter { $file } gibt es schon eine Datei.
error-cli-key-exists-hint = Sie wurde nicht angerührt: ein überschriebener Schlüssel ist für immer verloren. Wähle einen anderen Namen.
error-cli-file-too-long = { $file } ist zu lang für einen Schlüssel oder eine Passphrase.
error-cli-file-too-long-hint = Nichts wurde geändert. Prüfe, ob es die richtige Datei ist.
error-cli-registry-exists = In { $folder } gibt es schon eine Registry.
error-cli-registry-exists-hint = Sie wurde nicht angerührt. Wähle einen anderen Ordner oder mach mit dieser Registry weiter.
error-cli-registry-missing = In { $folder } gibt es keine Registry.
error-cli-registry-missing-hint = Nichts wurde geändert. Lege eine mit muster registry init an oder prüfe den Pfad.
error-cli-publisher-name = So kann ein Herausgeber nicht heißen: { $publisher }
error-cli-publisher-name-hint = Nichts wurde geändert. Nimm 2 bis 39 Kleinbuchstaben, Ziffern und einzelne Bindestriche.
error-cli-package-changed = { $file } hat sich beim Lesen geändert.
error-cli-package-changed-hint = Nichts davon wurde veröffentlicht. Warte, bis die Datei fertig geschrieben ist, und versuche es noch einmal.
error-cli-date = Dieses Datum geht nicht: { $detail }
error-cli-date-hint = Nichts wurde geändert. Gib einen anderen Zeitpunkt oder weniger Jahre an.
error-cli-nothing-freed = Nichts davon darf gehen.
error-cli-nothing-freed-hint = Entfernt wurde nichts. Die Liste sagt, warum jedes Archiv bleibt.
error-cli-several-archives = { $text } kann mehreres meinen: { $names }
error-cli-several-archives-hint = Geändert wurde nichts. Schreibe mehr von der Prüfsumme.
error-cli-transfer-unknown = Einen Download { $text } gibt es nicht.
error-cli-transfer-unknown-hint = Geändert wurde nichts. muster queue zeigt Namen und Prüfsummen.
error-cli-archive-unknown = Unter { $text } wird nichts behalten.
error-cli-archive-unknown-hint = Geändert wurde nichts. muster seed list zeigt Namen und Prüfsummen.
error-cli-amount = { $text } ist keine Menge.
error-cli-amount-hint = Geändert wurde nichts. Schreibe 500MB oder 2GB, Namen von Paketen oder --all.
error-cli-share-owner = { $file } gehört anderen: Kein Schlüssel ihrer Besitzer wurde angegeben.
error-cli-share-owner-hint = Es wurde nichts geschrieben. Unterschreibe mit dem Schlüssel eines Besitzers, oder schreibe eine andere Datei.
error-cli-several-kept = Von { $text } gibt es mehrere Fassungen: { $names }
error-cli-several-kept-hint = Nichts wurde geändert. Nenne eine als DATEI@PRÜFSUMME.
error-cli-not-subscribed = { $profile } hat { $package } nicht abonniert.
error-cli-not-subscribed-hint = Nichts wurde geändert. Was abonniert ist, zeigt: muster subscriptions
error-cli-channel-of-what = Sage, welche Pakete sich nach dem Profil richten sollen.
error-cli-channel-of-what-hint = Nichts wurde geändert. muster channel profile PAKET tut es für eines.
error-cli-feature-unreadable = { $name } kann nicht { $text } sein.
error-cli-feature-unreadable-hint = Nichts wurde unterschrieben. Ein Paket schreibt man alice/trees, ein Spiel wie in muster game list.

error-cli-not-advised = Keine deiner Quellen warnt vor { $package }.
error-cli-not-advised-hint = Nichts wurde geändert. Mit muster disable kannst du es trotzdem ausschalten.

error-cli-advise-missing = { $name } fehlt.
error-cli-advise-missing-hint = Nichts wurde unterschrieben. Eine Warnung sagt, wie schlimm es ist, einen Satz für Spieler, und worum es geht.

error-cli-advise-unreadable = { $name } kann nicht { $text } sein.
error-cli-advise-unreadable-hint = Nichts wurde unterschrieben. Ein Hash hat 64 hexadezimale Ziffern, ein Paket schreibt man alice/trees@<1.2.0, eine Version 1.2.0.

error-cli-feature-of-what = Es ist nicht klar, welches Paket mit der Funktion { $feature } gemeint ist.
error-cli-feature-of-what-hint = Nichts wurde geändert. Schreib es als herausgeber/name=funktion, mit einem der Pakete, die installiert werden.

error-cli-mapping = { $text } ist kein Paket mit einer Quelle.
error-cli-mapping-hint = Nichts wurde geändert. Schreib es als herausgeber/name=quelle, mit dem kurzen Namen der Quelle.

error-package-manifest-unknown-field = Das Manifest hat ein Feld, das es nicht gibt ({ $reason }).
error-package-manifest-unknown-field-hint = Es wurde nichts geschrieben. Verbessere es und packe noch einmal.

error-package-manifest-feature = Die Funktion { $feature } nennt { $package }, wovon das Paket nicht abhängt.
error-package-manifest-feature-hint = Es wurde nichts geschrieben. Nenne einen Eintrag von depends mit seinem Paket, ein any-of mit dem ersten davon, und packe noch einmal.

error-package-manifest-files = Die Liste der Dateien im Manifest macht das Packprogramm.
error-package-manifest-files-hint = Es wurde nichts geschrieben. Entferne das Feld files aus dem Manifest und packe noch einmal.

error-package-input-special = { $name } ist eine Verknüpfung oder eine besondere Datei; nur einfache Dateien lassen sich packen.
error-package-input-special-hint = Es wurde nichts geschrieben. Verbessere es und packe noch einmal.

error-package-input-changed = { $name } hat sich beim Packen geändert.
error-package-input-changed-hint = Es wurde nichts geschrieben. Beende das Programm, das die Datei schreibt, und packe noch einmal.

error-registry-passphrase = Das Kennwort öffnet diesen Schlüssel nicht.
error-registry-passphrase-hint = Nichts wurde geändert. Versuche es noch einmal; ein verlorenes Kennwort lässt sich nicht wiederherstellen.

error-registry-wrong-key = Dieser Schlüssel darf „{ $role }“ nicht signieren.
error-registry-wrong-key-hint = Nichts wurde signiert. Nimm den Schlüssel, den die Registry kennt; Teams brauchen so viele Schlüssel wie vereinbart.

error-registry-not-admitted = { $publisher } hat in dieser Registry keine Schlüssel.
error-registry-not-admitted-hint = Nichts wurde signiert. Bitte zuerst die Betreiber der Registry, deinen öffentlichen Schlüssel aufzunehmen.

error-registry-already-published = { $what } ist schon mit anderem Inhalt veröffentlicht.
error-registry-already-published-hint = Eine veröffentlichte Version ändert sich nie. Erhöhe die Versionsnummer und veröffentliche noch einmal.

error-registry-already-admitted = { $publisher } hat in dieser Registry schon Schlüssel.
error-registry-already-admitted-hint = Nichts wurde geändert. Wähle einen anderen Namen, oder ersetze die Schlüssel nach einem Verlust ausdrücklich.
