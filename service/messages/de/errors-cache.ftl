# $hash sind die ersten acht Zeichen der Prüfsumme eines Archivs.
error-cache-busy = Dieser Download läuft schon.
error-cache-busy-hint = Nichts ist verloren. Warte, bis er fertig ist.
error-cache-no-space = Der Datenträger ist zu voll: { SIZE($needed) } sind nötig, { SIZE($available) } sind frei.
error-cache-no-space-hint = Nichts wurde geschrieben. Schaffe Platz und versuche es noch einmal; den Zwischenspeicher kannst du unter Teilen leeren.
error-cache-wrong-hash = Was heruntergeladen wurde, ist nicht das, was signiert ist (Archiv { $hash }).
error-cache-wrong-hash-hint = Es wurde verworfen, deine Mods sind unberührt. Versuche es noch einmal; geschieht es wieder, sage es den Betreibern der Quelle.
error-cache-bad-blocks = { $count ->
    [one] { $count } Teil eines Downloads war nicht das, was signiert ist.
   *[other] { $count } Teile eines Downloads waren nicht das, was signiert ist.
}
error-cache-bad-blocks-hint = Nur die falschen Teile werden noch einmal geholt, von jemand anderem.
error-cache-incomplete = Ein Download ist nicht vollständig: { SIZE($missing) } fehlen.
error-cache-incomplete-hint = Was da ist, bleibt. Setze den Download fort.
error-cache-range = Es wurde ein Teil verlangt, den das Archiv nicht hat.
error-cache-range-hint = Nichts wurde geändert. Bitte melde das mit dem Protokoll.
error-cache-closed = Der Download war schon zu Ende.
error-cache-closed-hint = Nichts wurde geändert. Versuche es noch einmal.
error-cache-missing = Das Archiv { $hash } ist nicht mehr hier.
error-cache-missing-hint = Deine Mods sind unberührt. Es wird neu geholt, wenn es gebraucht wird.
error-cache-corrupt = Das Archiv { $hash } ist auf diesem Datenträger beschädigt.
error-cache-corrupt-hint = Es wird weder benutzt noch geteilt, deine installierten Mods sind unberührt. Es wird neu geholt, wenn es gebraucht wird; geschieht das oft, prüfe den Datenträger.
error-cache-too-large = { SIZE($size) } sind mehr, als ein Paket haben darf.
error-cache-too-large-hint = Nichts wurde heruntergeladen. Sage es dem Herausgeber.
error-cache-block-list = Die signierte Liste der Teile gehört nicht zu diesem Archiv.
error-cache-block-list-hint = Nichts wurde heruntergeladen. Sage es den Betreibern der Quelle.
error-cache-in-use = Das Archiv { $hash } wird gerade benutzt.
error-cache-in-use-hint = Nichts wurde entfernt. Versuche es noch einmal, wenn die Änderung oder der Download fertig ist.
error-cache-foreign-entry = Ein Paket enthielt etwas, das weder Datei noch Ordner ist: { $path }
error-cache-foreign-entry-hint = Es wurde wieder entfernt, deine Mods sind unberührt. Sage es dem Herausgeber.
error-cache-locked = Ein anderes Programm benutzt den Zwischenspeicher von Muster.
error-cache-locked-hint = Nichts wurde geändert. Beende den anderen Muster-Dienst und starte noch einmal.
error-cache-not-ready = Muster startet noch.
error-cache-not-ready-hint = Nichts wurde entfernt. Versuche es gleich noch einmal.
error-cache-store-gone = Der Datenträger mit den Mods dieses Spiels ist nicht da: { $path }
error-cache-store-gone-hint = Nichts wurde geändert. Schließe den Datenträger wieder an und versuche es noch einmal. Wurde der Ordner endgültig gelöscht, dann setze das Profil neu ein: seine Pakete werden neu ausgepackt.
