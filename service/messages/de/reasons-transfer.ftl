# Warum ein Download jetzt nicht läuft.
reason-waiting-tier = Wartet: Dringenderes geht vor
reason-waiting-order = Wartet, bis er an der Reihe ist
reason-waiting-paused = Von dir angehalten
reason-waiting-all-paused = Alles ist angehalten
reason-waiting-retry = Fehlgeschlagen; neuer Versuch in { $seconds } s
reason-waiting-failed = Fehlgeschlagen
reason-waiting-no-source = Wartet auf jemanden, der es hat
reason-waiting-disk = Wartet: der Datenträger ist zu voll
reason-waiting-game = Wartet, bis das Spiel endet
reason-waiting-claim = Wartet auf die Aufgabe, die ihn braucht
reason-waiting-stopping = Wird angehalten
