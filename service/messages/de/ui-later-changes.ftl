# Was in einem Paket neu ist, auf seiner Seite.
changes-waiting = Lese, was neu ist …
changes-untold = Seine Quelle sagt nicht, was in einer Version neu ist.
changes-newest = Du hast die neueste Version.
changes-none-between = Zwischen diesen beiden liegt keine neuere Version.
changes-lately = Die letzten Versionen, die neueste zuerst.
changes-since = Was du mit { $to } bekommst, ab { $from }; das Neueste zuerst.
changes-nothing = Diese Version sagt nicht, was neu ist.
changes-more = { $count ->
    [one] und { $count } ältere Version
   *[other] und { $count } ältere Versionen
}
