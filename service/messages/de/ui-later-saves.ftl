# Sicherungen der Spielstände eines Spiels.

saves-list = Sicherungen von Spielständen, die neueste zuerst
saves-waiting = Spielstände und ihre Sicherungen werden gesucht…
saves-unknown = Muster weiß nicht, wo { $game } seine Spielstände ablegt.
saves-unknown-about = Die Definition des Spiels sagt es nicht. Mods kommen und gehen trotzdem; um deine Spielstände kümmere dich selbst.
saves-none = Von deinen Spielständen gibt es noch keine Sicherung.
saves-none-about = Eine Sicherung belegt kaum mehr als das, was sich seit der letzten geändert hat.
saves-when = Von selbst sichern
saves-when-off = Nie
saves-when-before-large = Vor großen Änderungen
saves-when-off-about = Gesichert wird nur, wenn du es sagst.
saves-when-before-large-about = Es wird zuerst gesichert, wenn Mods gehen, in einer älteren oder einer neuen Hauptversion kommen oder viele auf einmal wechseln. Ohne Sicherung findet eine solche Änderung nicht statt.
saves-used = { $used } von { $quota } belegt; höchstens { $keep } bleiben. Die älteste geht zuerst, die neueste bleibt immer.
saves-take = Jetzt sichern
saves-taking = Wird gesichert…
saves-rules = Wie viel bleibt…
saves-rules-title = Wie viel bleibt
saves-rules-keep = Sicherungen höchstens
saves-rules-quota = MB höchstens
saves-rules-loses = { $count ->
    [one] { $count } Sicherung, die älteste, geht endgültig.
   *[other] { $count } Sicherungen, die ältesten, gehen endgültig.
}
saves-rules-tight = Die ältesten Sicherungen gehen endgültig, bis die anderen passen.
saves-rules-do = Ändern
saves-rules-do-lose = Ändern, älteste aufgeben
saves-column-when = Wann
saves-column-why = Warum
saves-column-saves = Spielstände
saves-row = { $when }, { $why }, { $saves }, { $size }
saves-before = davor: { $cause }
saves-snapshot = Sicherung { $number }, { $when }
saves-files = { $count ->
    [one] { $count } Datei, { $size }
   *[other] { $count } Dateien, { $size }
}
saves-left-out = { $count ->
    [one] { $count } Datei fehlt darin, weil nicht jedes System ihren Namen haben kann.
   *[other] { $count } Dateien fehlen darin, weil nicht jedes System ihre Namen haben kann.
}
saves-holds = Spielstände darin
saves-bring-back = { $count ->
    [0] Alle zurückholen
    [one] { $count } Spielstand zurückholen
   *[other] { $count } Spielstände zurückholen
}
saves-bringing = Spielstände werden zurückgeholt…
saves-bring-back-about = Die jetzigen werden vorher gesichert. Spielstände, die nicht in der Sicherung sind, bleiben. Das Spiel darf nicht laufen.
saves-choose = Nur einige: hier wählen
saves-let-go = Aufgeben…
saves-folders = Wo die Spielstände liegen
saves-foot = { $count ->
    [one] { $count } Sicherung
   *[other] { $count } Sicherungen
}
saves-ask-title = Sicherung { $number } endgültig aufgeben?
saves-ask-lost = Die Spielstände darin sind dann weg, und Rückgängig holt sie nicht zurück. Deine Spielstände im Spiel bleiben, wie sie sind.
saves-ask-only = Es ist die einzige Sicherung, die es gibt.
saves-ask-keep = Behalten
saves-ask-do = Aufgeben

done-saves-on = Vor großen Änderungen wird gesichert
done-saves-off = Gesichert wird nur, wenn du es sagst
done-saves-rules = Geändert, wie viel bleibt
done-saves-taken = Sicherung { $number } enthält deine Spielstände, wie sie sind
done-saves-same = Seit Sicherung { $number } hat sich nichts geändert: Sie enthält deine Spielstände, wie sie sind
done-saves-back = Deine Spielstände sind zurück. Die von eben sind in Sicherung { $number }
done-saves-back-anew = Deine Spielstände sind zurück
done-saves-gone = Sicherung { $number } ist weg
