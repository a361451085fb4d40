# Packages that the player keeps at a version, in the window.
held-hold = Festhalten
held-let-go = Loslassen
held-here = Du hältst es bei dieser Version.
held-why = Du hältst es bei dieser Version: { $reason }
done-held = { $count ->
    [one] { $title } bleibt bei seiner Version.
   *[other] { $count } Pakete bleiben bei ihren Versionen.
}
done-unheld = { $count ->
    [one] { $title } geht wieder mit Aktualisierungen mit.
   *[other] { $count } Pakete gehen wieder mit Aktualisierungen mit.
}
