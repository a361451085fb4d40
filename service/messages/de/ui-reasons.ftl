# Warum etwas wartet, abgelehnt wird oder wissenswert ist. Die Codes kommen vom Dienst.

reason-unnamed = Zurückgehalten ({ $code })
reason-sharing-not-chosen = Geteilt wird erst, wenn du es in den Einstellungen wählst
reason-sharing-off = Teilen ist aus
reason-sharing-not-allowed = Der Autor erlaubt das Weitergeben nicht
reason-needs-disabled = Braucht { $package }; das ist aus
notice-key-changed = Der Schlüssel von { $publisher } wechselte ohne dessen Zustimmung.
notice-broken = Die Signatur von { $package } stimmt nicht.
notice-revoked = { $package } wurde vom Autor widerrufen.
notice-removed = { $package } wurde von der Quelle zurückgezogen.
error-unnamed = Etwas ist schiefgegangen ({ $code }).
error-unnamed-hint = Geändert wurde nichts. Versuche es noch einmal; die Einzelheiten helfen beim Melden.
