# Warum ein Archiv nicht angeboten wird, warum es behalten wird, warum es beim Platzschaffen bleibt, und was zu einem
# vollen Zwischenspeicher zu sagen ist.
reason-sharing-seeding-paused = Du hast das Teilen angehalten; Downloads gehen weiter
reason-sharing-failed = Andere Spieler können sich nicht verbinden: die Adresse dafür ist belegt
reason-sharing-paused = Dieses hast du angehalten
reason-sharing-checking = Wird erst geprüft, weil Muster nicht ordentlich endete
reason-sharing-yanked = Der Autor hat diese Version zurückgezogen
reason-sharing-unknown = Niemand kann sagen, ob es weitergegeben werden darf; also geschieht es nicht
reason-sharing-soon = Gleich
reason-kept-needed = Eine unfertige Änderung wartet darauf
reason-kept-pinned = Du hast es angeheftet
# $profiles sind Namen, durch Kommas getrennt.
reason-kept-installed = Benutzt von { $profiles }
reason-kept-last-copy = { $others ->
    [0] Von niemand anderem ist bekannt, dass er es ganz hat
    [one] Nur von { $others } anderen Spieler ist bekannt, dass er es ganz hat
   *[other] Nur von { $others } anderen Spielern ist bekannt, dass sie es ganz haben
}
reason-kept-for-now = { $days ->
    [0] Nichts braucht es; es geht bald
    [one] Nichts braucht es; es geht innerhalb von { $days } Tag
   *[other] Nichts braucht es; es geht in { $days } Tagen
}
reason-stays-in-use = Gerade in Gebrauch
reason-stays-needed = Eine unfertige Änderung wartet darauf
reason-stays-pinned = Du hast es angeheftet; löse es zuerst
reason-stays-enough = Für den Platz nicht nötig
reason-cache-full-soon = { $count ->
    [one] Der Zwischenspeicher ist über seiner Grenze: { $count } Archiv, das du benutzt oder angeheftet hast ({ SIZE($size) }), geht in { $hours } h. Deine Mods bleiben an ihrem Platz. Erhöhe die Grenze, um es zu behalten.
   *[other] Der Zwischenspeicher ist über seiner Grenze: { $count } Archive, die du benutzt oder angeheftet hast ({ SIZE($size) }), gehen in { $hours } h. Deine Mods bleiben an ihrem Platz. Erhöhe die Grenze, um sie zu behalten.
}
reason-cache-full-kept = Der Zwischenspeicher ist mit Archiven, die du benutzt oder angeheftet hast, um { SIZE($size) } über seiner Grenze; sie werden behalten, wie du es eingestellt hast
