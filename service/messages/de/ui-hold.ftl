# Packages that the player keeps at a version, in the window.
held-hold = Festhalten
held-let-go = Nicht mehr festhalten
held-change = Grund speichern
held-here = Du hältst es bei dieser Version.
held-why = Du hältst es bei dieser Version: { $reason }
held-back = festgehalten
held-back-why = festgehalten: { $reason }
held-reason = Warum es festgehalten wird
held-reason-new = Bei { $version } festhalten, weil
held-reason-example = geht auch ohne Grund
held-about = Ein festgehaltenes Paket bleibt bei seiner Version, bis du es wieder gehen lässt. Der Grund steht überall, wo es etwas verhindert.
done-held = { $count ->
    [one] { $title } bleibt bei seiner Version.
   *[other] { $count } Pakete bleiben bei ihren Versionen.
}
done-unheld = { $count ->
    [one] { $title } geht wieder mit Aktualisierungen mit.
   *[other] { $count } Pakete gehen wieder mit Aktualisierungen mit.
}
