# Wörter, die jede Ansicht des Fensters braucht.

try-again = Noch einmal
details = Einzelheiten
copy = Kopieren
close = Schließen
cancel = Abbrechen
remove = Entfernen
install = Installieren
update = Aktualisieren
retry = Wiederholen
pause = Anhalten
resume = Fortsetzen
undo = Rückgängig
play = Spielen
not-now = Jetzt nicht
turn-on = Einschalten
turn-off = Ausschalten
update-to = Auf { $version } aktualisieren

time-seconds = { $count } s
time-about-minutes = etwa { $count } min
time-about-hours = etwa { $count } h
time-just-now = gerade eben

failure-label = Problem
failure-fix = Was helfen würde: { $fix }
link-opens = Öffnet { $host } im Browser
needs-service = Dazu muss der Muster-Dienst laufen; er läuft gerade nicht.
needs-profile = Dazu braucht es ein Profil. Lege zuerst eines an.

column-name = Name
column-publisher = Herausgeber
column-size = Größe
column-downloads = Abrufe
column-updated = Geändert
column-state = Im Profil
column-order = #
column-on = An
column-version = Version
column-action = Aktion
column-step = Schritt
column-note = Hinweis

state-on = An
state-off = Aus
state-absent = nicht im Profil
state-other-game = Anderes Spiel
state-managed = Von Steam verwaltet
state-refused = Gesperrt
row-state-on = an
row-state-off = aus
row-state-update = Aktualisierung verfügbar
row-state-busy = wird installiert
row-state-incompatible = nicht für dieses Spiel
row-state-managed = von Steam verwaltet

seal-unverified = Ungeprüfter Herausgeber
seal-verified = Geprüfter Herausgeber
seal-trusted = Vertrauter Herausgeber
seal-featured = Empfohlener Herausgeber
seal-unverified-about = Ungeprüft: Die Quelle hat nicht geprüft, wer das ist. Über die Sicherheit sagt das nichts.
seal-verified-about = Geprüft: Die Quelle hat geprüft, wer das ist. Über die Sicherheit sagt das nichts.
seal-trusted-about = Vertraut: der Quelle seit Langem bekannt. Das sagt, wer es ist, nicht, dass alles sicher ist.
seal-featured-about = Empfohlen: von der Quelle ausgesucht. Das sagt, wer es ist, nicht, dass alles sicher ist.
seal-unverified-long = ungeprüfter Herausgeber
seal-verified-long = geprüfter Herausgeber
seal-trusted-long = vertrauter Herausgeber
seal-featured-long = empfohlener Herausgeber
publisher-none = Kein Herausgeber

signature-author = Vom Autor signiert
signature-source-hash = Mit dem Hash von { $source } verglichen
signature-none = Keine Signatur, kein Hash
signature-rotated = Schlüssel des Autors ordentlich gewechselt
signature-key-changed = Schlüssel gewechselt, ohne Zustimmung des alten
signature-broken = Signatur stimmt nicht
signature-revoked = Vom Autor widerrufen
signature-removed = Von { $source } entfernt
signature-since = gleicher Schlüssel seit { $date }

phase-waiting = Wartet
phase-resolving = Wählt Versionen
phase-planning = Plant
phase-fetching = Lädt
phase-unpacking = Prüft
phase-deploying = Legt Dateien ab
phase-committing = Schließt ab
phase-done = Fertig
phase-failed = Fehlgeschlagen
phase-cancelled = Abgebrochen

plan-add = Neu
plan-change = Ändert
plan-remove = Entfernt
plan-enable = Schaltet ein
plan-disable = Schaltet aus
plan-for-feature = { $package } (für „{ $feature }“)
plan-needed-by = nötig für { $names }

# Arten von Paketen; sie sind Daten, unbekannte erscheinen, wie sie sind.
kind-mod = Mod
kind-asset-pack = Inhaltspaket
kind-map = Karte
kind-modpack = Modpaket
kind-collection = Liste
kind-loader = Lader
kind-game-definition = Spieldefinition
relation-depends = Braucht
relation-recommends = Passt gut zu
relation-suggests = Vielleicht von Interesse
relation-conflicts = Verträgt sich nicht mit
channel-beta = Beta
channel-dev = Entwicklungsversion
disclosure-ai-content = Enthält von KI erzeugte Inhalte
disclosure-telemetry = Sendet Nutzungsdaten
disclosure-flashing-lights = Enthält blitzendes Licht
download-nothing = nichts zu laden
