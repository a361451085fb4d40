# Wie Dateien von Paketen in den Ordner eines Spiels kommen, und warum nicht besser.
reason-stored-clones = verknüpft über gemeinsame Blöcke: braucht keinen Platz, und jede Datei ist eine eigene
reason-stored-no-clones = verknüpft über Hardlinks: braucht keinen Platz; das Dateisystem kann keine Kopien mit gemeinsamen Blöcken
reason-stored-links-wanted = verknüpft über Hardlinks: so will es die Definition des Spiels
reason-stored-copies-wanted = kopiert: so will es die Definition des Spiels
reason-stored-cannot-link = kopiert: der Datenträger des Spiels kann weder gemeinsame Blöcke noch Hardlinks
reason-stored-no-folder = kopiert: das Spiel liegt auf einem anderen Datenträger, auf dem außerhalb des Spiels kein Ordner für ausgepackte Pakete angelegt werden kann
reason-stored-untried = kopiert: der Ordner ließ sich nicht ausprobieren
