# Downloads.

downloads-waiting = Die Warteschlange wird gelesen…
downloads-empty = Nichts wird geladen.
downloads-split = Mitspieler { $peers } · Server { $servers }
downloads-limit = Grenze { $speed }
downloads-no-limit = Keine Grenze
downloads-jobs = Unterwegs
downloads-failed = { $count ->
    [one] { $count } fehlgeschlagen
   *[other] { $count } fehlgeschlagen
}
downloads-finished = { $count ->
    [one] { $count } fertig, { $size }:
   *[other] { $count } fertig, { $size }:
}
pause-all = Alle anhalten
resume-all = Alle fortsetzen
pause-one = { $name } anhalten
resume-one = { $name } fortsetzen
retry-one = { $name } noch einmal versuchen
menu-lane = Nach „{ $lane }“
start-now = { $name } jetzt starten
graph-still = 5 min: nichts geladen
graph-summary = 5 min: Spitze { $peak }, Mittel { $average }

lane-label = Spur
lane-lobby-urgent = Jetzt
lane-user = Nächste
lane-background = Nebenbei
lane-lobby-urgent-about = eine Lobby wartet darauf, oder du hast es hierher geholt: volle Geschwindigkeit
lane-user-about = was du wolltest, der Reihe nach
lane-background-about = Aktualisierungen und Reparaturen: nur wenn sonst nichts läuft, nie während eines Spiels
lane-empty = Nichts hier
moved-lobby-urgent = { $name } startet jetzt; die anderen bekommen den Rest
moved-user = { $name } kommt unter Nächste
moved-background = { $name } läuft nebenbei

transfer-bar = { $name }, { $percent }, { $here } schon hier, { $peers } von Mitspielern, { $servers } von Servern
transfer-row = { $name }, { $state }
transfer-missing = noch { $missing }
transfer-queued = Wartet
transfer-active = Lädt
transfer-checking = Wird geprüft
transfer-paused = Angehalten
transfer-done = Fertig
transfer-failed = Fehlgeschlagen
part-here = Schon hier
part-peers = Von Mitspielern
part-servers = Von Servern
part-missing = Kommt noch
fact-speed = Geschwindigkeit
fact-left = Restzeit
fact-peers = Mitspieler
fact-given = Weitergegeben
fact-waits = Wartet darauf
fact-hash = Hash
job-amount = { " · " }{ $done } von { $total }
job-kind-change = Änderung des Profils
job-kind-go-back = Zurückgehen
job-kind-repair = Reparatur
job-kind-look = Repository lesen
job-kind-sync = Quelle auffrischen
