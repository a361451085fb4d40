# What sources advise against, in the window.
against-fixed = Version { $version } hat den Fehler nicht.
# $id is the source's own name of the statement, such as 2026-7.
against-more = Mehr über { $id }
against-quarantine = In Quarantäne
done-quarantined = { $count ->
    [one] { $title } ist ausgeschaltet, weil eine Quelle davor warnt.
   *[other] { $count } Pakete sind ausgeschaltet, weil Quellen davor warnen.
}
