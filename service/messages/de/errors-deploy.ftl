# Mods in die Ordner eines Spiels bringen und wieder herausnehmen.
error-deploy-nothing-to-place = { $package } enthält nichts, was dieses Spiel benutzen könnte.
error-deploy-nothing-to-place-hint = Nichts wurde geändert. Vielleicht ist es für ein anderes Spiel gemacht; sage es dem Herausgeber.
error-deploy-path = { $package } will eine Datei dorthin legen, wo sie nicht hin darf ({ $path }): { $why }.
error-deploy-path-hint = Nichts wurde geändert. Sage es dem Herausgeber des Pakets.
error-deploy-protected = { $package } will { $path } ändern, was keine Mod darf.
error-deploy-protected-hint = Nichts wurde geändert. Sage es dem Herausgeber des Pakets.
error-deploy-twice = Zwei Dateien von { $package } wären im Spiel dieselbe: { $path }.
error-deploy-twice-hint = Nichts wurde geändert. Sage es dem Herausgeber des Pakets.
error-deploy-clash = { $first } und { $second } passen nicht zusammen: Eines braucht { $path } als Datei, das andere als Ordner.
error-deploy-clash-hint = Nichts wurde geändert. Lass eines von beiden weg.
error-deploy-busy = Die Mods dieses Spiels werden gerade schon geändert.
error-deploy-busy-hint = Nichts wurde geändert. Warte, bis die andere Änderung fertig ist, und versuche es noch einmal.
error-deploy-blocked = { $count ->
    [one] Etwas ist im Weg: { $path }.
   *[other] { $count } Dinge sind im Weg, das erste ist { $path }.
}
error-deploy-blocked-hint = Nichts wurde geändert. Es ist ein Link oder Ordner, der nicht von Muster stammt; räume ihn weg und versuche es noch einmal.
error-deploy-changed-meanwhile = { $path } wurde im selben Augenblick von einem anderen Programm geändert.
error-deploy-changed-meanwhile-hint = Alles ist wie vorher. Schließe das Spiel und versuche es noch einmal.
error-deploy-stale = Die Mods wurden geändert, nachdem dieser Plan gemacht war.
error-deploy-stale-hint = Nichts wurde geändert. Sieh dir den neuen Plan an und bestätige ihn noch einmal.
error-deploy-no-space = Der Datenträger des Spiels ist zu voll: { SIZE($needed) } sind nötig, { SIZE($free) } sind frei.
error-deploy-no-space-hint = Nichts wurde geändert. Schaffe Platz und versuche es noch einmal.
error-deploy-not-writable = Muster darf nicht in { $path } schreiben.
error-deploy-not-writable-hint = Nichts wurde geändert. Prüfe die Rechte des Ordners und ob der Datenträger schreibgeschützt ist.
error-deploy-tree-missing = Die Dateien von { $package } sind nicht mehr da.
error-deploy-tree-missing-hint = Nichts wurde geändert. Versuche es noch einmal: Sie werden neu geholt.
error-deploy-wrong-root = Der Ordner für { $place } ist jetzt { $now }, die Mods liegen aber in { $before }.
error-deploy-wrong-root-hint = Nichts wurde geändert. Stelle den alten Ordner wieder ein und entferne dort zuerst die Mods.
error-deploy-place-unknown = Der Ordner für { $place } ist nicht bekannt.
error-deploy-place-unknown-hint = Nichts wurde geändert. Wähle den Ordner des Spiels noch einmal.
error-deploy-journal = Musters Aufzeichnungen über die Dateien dieses Spiels sind beschädigt ({ $path }): { $why }.
error-deploy-journal-hint = Die Dateien des Spiels blieben unberührt. Hebe die Aufzeichnungen auf und melde es; sie nennen auch die aufbewahrten Originale.
error-deploy-journal-format = Musters Aufzeichnungen über die Dateien dieses Spiels stammen von einer neueren Version ({ $path }).
error-deploy-journal-format-hint = Nichts wurde geändert. Aktualisiere Muster und versuche es noch einmal.
error-deploy-unfinished = Die Änderung ist fehlgeschlagen und ließ sich nicht sofort zurücknehmen: { $reason }
error-deploy-unfinished-hint = Nichts ist verloren. Prüfe den Datenträger; Muster nimmt die Änderung zurück, bevor es etwas anderes tut.
error-deploy-locked = { $path } lässt sich nicht ersetzen: Die Datei ist als unveränderlich markiert oder ein Programm hält sie offen.
error-deploy-locked-hint = Nichts wurde geändert. Beende das Spiel und andere Programme, die sie benutzen, oder nimm die Markierung weg und versuche es noch einmal.
error-deploy-too-long = { $path } wäre ein längerer Pfad, als Programme öffnen können ({ $limit } Byte).
error-deploy-too-long-hint = Nichts wurde geändert. Verschiebe das Spiel in einen Ordner mit kürzerem Pfad.
