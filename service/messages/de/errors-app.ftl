# Ablehnungen des Fensters selbst.
error-app-not-allowed = Das Fenster darf „{ $operation }“ nicht verlangen.
error-app-not-allowed-hint = Es wurde nichts geändert. Das ist ein Fehler in Muster: Bitte melde ihn.
error-app-request-too-large = Das Fenster hat mehr auf einmal geschickt, als Muster annimmt.
error-app-request-too-large-hint = Es wurde nichts geändert. Versuche es mit weniger Paketen auf einmal.
error-app-address-refused = Diese Adresse wird nicht geöffnet: { $detail }.
error-app-address-refused-hint = Muster öffnet nur einfache https://-Seiten. Wenn du ihr vertraust, kopiere die Adresse in deinen Browser.
error-app-folder-missing = Der Ordner „{ $folder }“ ist nicht da.
error-app-folder-missing-hint = Es wurde nichts geändert. Vielleicht entsteht er erst bei der ersten Benutzung; wurde das Spiel verschoben, wähle seinen Ordner neu.
error-app-open-failed = Dein Schreibtisch konnte es nicht öffnen: { $detail }.
error-app-open-failed-hint = Prüfe, ob auf diesem Rechner ein Browser und ein Dateimanager eingerichtet sind.
error-app-no-places = Muster weiß nicht, wohin mit seinen Dateien.
error-app-no-places-hint = Es wurde nichts geschrieben. Setze die Variable HOME, oder MUSTER_HOME auf einen Ordner deiner Wahl, und starte neu.
