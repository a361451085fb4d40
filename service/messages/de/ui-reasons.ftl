# Warum etwas wartet, abgelehnt wird oder wissenswert ist. Die Codes kommen vom Dienst.

reason-unnamed = Zurückgehalten ({ $code })
reason-waiting-for-turn = Wartet, bis es an der Reihe ist
reason-paused-by-player = Von dir angehalten
reason-all-sources-failed = Keine Quelle hat geantwortet. Was da ist, bleibt.
reason-on-battery = Wartet: Akkubetrieb
reason-sharing-not-chosen = Geteilt wird erst, wenn du es in den Einstellungen wählst
reason-dependency-missing = Braucht { $needs }
notice-key-changed = Der Schlüssel von { $publisher } wechselte ohne dessen Zustimmung.
notice-broken = Die Signatur von { $package } stimmt nicht.
notice-revoked = { $package } wurde vom Autor widerrufen.
notice-removed = { $package } wurde von der Quelle zurückgezogen.
error-unnamed = Etwas ist schiefgegangen ({ $code }).
error-unnamed-hint = Geändert wurde nichts. Versuche es noch einmal; die Einzelheiten helfen beim Melden.
