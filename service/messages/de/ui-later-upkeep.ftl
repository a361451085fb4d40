# Wie weit Aktualisierungen von selbst gehen, im Fenster.
upkeep-title = Aktualisierungen
upkeep-policy-off = Anzeigen
upkeep-policy-off-about = Du aktualisierst, wann du willst.
upkeep-policy-fetch = Vorab herunterladen
upkeep-policy-fetch-about = Im Hintergrund, nie während du spielst. Du aktualisierst, wann du willst, ohne zu warten.
upkeep-policy-apply = Von selbst aktualisieren
upkeep-policy-apply-about = Im Hintergrund, solange das Spiel nicht läuft. Jede Aktualisierung lässt sich rückgängig machen. Was deine Entscheidung braucht, wartet darauf.
upkeep-waits-until = Neu; wartet bis { $when }, dann wurde es zwei Tage lang angeboten
upkeep-waits = Neu; wartet, bis es zwei Tage lang angeboten wurde
upkeep-comes = Wird heruntergeladen
upkeep-ready = Ist da
upkeep-asks = Wartet auf deine Entscheidung: Aktualisiere es selbst
upkeep-more = { $count ->
    [one] und { $count } weitere
   *[other] und { $count } weitere
}
upkeep-subscriptions = Immer aktuell, was auch immer das Profil tut
upkeep-subscribed-apply = aktualisiert sich von selbst
upkeep-subscribed-fetch = wird vorab heruntergeladen
upkeep-subscribed-gone = gerade nicht im Profil
upkeep-subscribe = Aktuell halten
upkeep-subscribe-about = Neue Versionen kommen von selbst, wenn sie zwei Tage lang angeboten wurden.
upkeep-subscribed-about = Neue Versionen kommen von selbst, wenn sie zwei Tage lang angeboten wurden. Eine Aktualisierung, die deine Entscheidung braucht, wartet darauf.
upkeep-end = Nicht mehr aktuell halten
upkeep-end-of = { $title } nicht mehr aktuell halten
upkeep-checked = Zuletzt nachgesehen { $when }
done-subscribed = { $title } wird aktuell gehalten.
done-unsubscribed = { $title } aktualisierst du, wann du willst.
