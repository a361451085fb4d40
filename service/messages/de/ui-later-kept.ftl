# Beiseitegelegte Fassungen von Dateien.

kept-list = Beiseitegelegte Fassungen von Dateien
kept-waiting = Was beiseitegelegt ist, wird durchgesehen…
kept-none = Von keiner Datei ist eine Fassung beiseitegelegt.
kept-none-about = Wenn etwas den Platz einer Datei einnimmt, die du oder ein Spiel geändert hat, bleibt die geänderte hier. Sie bleibt, bis du sie aufgibst.
kept-column-file = Datei
kept-column-why = Warum sie hier ist
kept-column-modified = Zuletzt geändert
kept-row = { $file }, { $why }, zuletzt geändert { $when }, { $size }
kept-place-unknown = woher, ist nicht bekannt
kept-why-replaced = wurde ersetzt
kept-why-found = nach einem Absturz gefunden
kept-why-displaced = war vor ihrem Paket da
kept-why-hidden = wartet auf ihr Paket
kept-about-replaced = Diese Fassung hast du oder ein Spiel geändert. Dann hat eine Entscheidung, eine Reparatur oder das Zurückgehen eine andere an ihren Platz gebracht.
kept-about-found = Diese Fassung wurde nach einem Absturz gefunden. Woher sie stammt, ist nicht mehr bekannt; sag deshalb, wohin sie soll.
kept-about-displaced = Das war da, bevor { $package } seine eigene Datei brachte. Es kommt von selbst zurück, wenn { $package } geht.
kept-about-hidden = Das lag da, bevor Muster { $package } kannte. Es kommt von selbst zurück, mit { $package } oder mit dem ursprünglichen Spiel.
kept-bring-back = Zurückholen
kept-bring-back-about = Was jetzt da ist, wird vorher beiseitegelegt, und Rückgängig macht es ungeschehen.
kept-let-go = Aufgeben…
kept-stays = Sie lässt sich nicht aufgeben, weil sie von selbst zurückkommt.
kept-away = Die Dateien dieses Profils liegen nicht in den Ordnern des Spiels. Fassungen lassen sich ansehen und kommen zurück, sobald es dort ist.
kept-to-place = Ordner
kept-to-path = Datei in diesem Ordner
kept-to-about = Zum Beispiel: config/server.conf
kept-to-do = Dorthin zurückholen
kept-now = Die Datei ansehen, die jetzt da ist
kept-hash = SHA-256
kept-foot = { $count ->
    [one] { $count } Fassung · { $size }
   *[other] { $count } Fassungen · { $size }
}
kept-keys = R holt zurück · Entf gibt auf · Umschalt und Pfeile wählen mehrere
kept-selected = { $count ->
    [one] { $count } Fassung ausgewählt · { $size }
   *[other] { $count } Fassungen ausgewählt · { $size }
}
kept-ask-title = { $count ->
    [one] Diese Fassung endgültig aufgeben?
   *[other] { $count } Fassungen endgültig aufgeben?
}
kept-ask-lost = { $count ->
    [one] Diese Fassung ist dann weg, und { $size } werden frei. Niemand sonst hat sie, und Rückgängig holt sie nicht zurück.
   *[other] Diese Fassungen sind dann weg, und { $size } werden frei. Niemand sonst hat sie, und Rückgängig holt sie nicht zurück.
}
kept-ask-equal = Ältere Fassungen dieser Dateien mit genau demselben Inhalt gehen mit.
kept-ask-more = { $count ->
    [one] und { $count } weitere
   *[other] und { $count } weitere
}
kept-ask-keep = { $count ->
    [one] Behalten
   *[other] Alle behalten
}
kept-ask-do = { $count ->
    [one] { $count } Fassung aufgeben
   *[other] { $count } Fassungen aufgeben
}

done-bringing-back = { $count ->
    [one] { $file } wird zurückgeholt
   *[other] { $count } Dateien werden zurückgeholt
}
done-brought-back = { $count ->
    [one] { $file } ist zurück; was da war, ist beiseitegelegt
   *[other] { $count } Dateien sind zurück; was da war, ist beiseitegelegt
}
done-let-go = { $count ->
    [0] Nichts wurde aufgegeben
    [one] { $count } Fassung aufgegeben: { $size }
   *[other] { $count } Fassungen aufgegeben: { $size }
}
