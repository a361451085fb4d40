# What sources advise against, in the window.
against-fixed = Version { $version } hat den Fehler nicht.
# $id is the source's own name of the statement, such as 2026-7.
against-more = Mehr über { $id }
against-quarantine = In Quarantäne
audit-found = { $on ->
    [0] { $off ->
        [one] { $off } Paket, vor dem gewarnt wird, ist ausgeschaltet
       *[other] { $off } Pakete, vor denen gewarnt wird, sind ausgeschaltet
    }
    [one] Vor { $on } eingeschalteten Paket wird gewarnt
   *[other] Vor { $on } eingeschalteten Paketen wird gewarnt
}
audit-elsewhere-only = Vor Paketen in anderen Profilen wird gewarnt
audit-is-off = ausgeschaltet
audit-quarantine-about = Schaltet es aus, als ein Schritt, den Rückgängig zurücknimmt. Nichts wird gelöscht.
audit-quarantine-all = { $count ->
    [one] { $count } Paket in Quarantäne
   *[other] Alle { $count } in Quarantäne
}
audit-elsewhere = Auch { $count } in { $profile }
audit-checked = Quellen zuletzt gefragt { $when }
done-quarantined = { $count ->
    [one] { $title } ist ausgeschaltet, weil eine Quelle davor warnt.
   *[other] { $count } Pakete sind ausgeschaltet, weil Quellen davor warnen.
}
