# Was behalten und anderen gegeben wird.

seeding-list = Archive, die behalten werden
seeding-waiting = Was behalten wird, wird durchgesehen…
seeding-empty = Noch wird nichts behalten. Was du installierst, bleibt eine Weile hier, damit andere es haben können und du es nicht noch einmal holen musst.
seeding-unset = Geteilt wird erst, wenn du wählst, mit wem.
seeding-nobody = Nichts wird geteilt, wie du es gewählt hast.
seeding-now = { $count ->
    [0] Gerade wird mit niemandem geteilt
    [one] { $speed } werden mit { $count } Spieler geteilt
   *[other] { $speed } werden mit { $count } Spielern geteilt
}
seeding-month = { $given } in diesem Monat gegeben
seeding-month-of = { $given } von { $most } in diesem Monat gegeben
seeding-choose = Wählen…
seeding-stop = Nicht mehr teilen
seeding-go-on = Wieder teilen
seeding-stop-about = Anderen wird nichts mehr gegeben; Downloads gehen weiter.
seeding-pause-hour = Alles 1 h anhalten
seeding-pause-about = Hält jedes Byte an, auch Downloads, für eine Stunde.
seeding-disk = Behaltene Archive: { $used } von { $quota }
seeding-part-pinned = Angeheftet
seeding-part-used = In Gebrauch
seeding-part-soon = Geht mit der Zeit
seeding-part-free = Frei
seeding-rules = Teilen wartet
seeding-rule-playing = während ein Spiel läuft
seeding-rule-battery = im Akkubetrieb
seeding-rule-metered = bei getakteter Verbindung
seeding-rule-vpn = durch ein VPN
seeding-rule-away = bis ich weg bin
seeding-rule-applies = (jetzt so)
seeding-rule-not = (jetzt nicht so)
seeding-rule-unknown = (nicht bekannt)
seeding-column-given = Gegeben
seeding-column-ratio = Rate
seeding-column-peers = Spieler
seeding-column-kept = Bleibt, weil
seeding-column-pin = Fest
seeding-row = { $name }, { $size }, { $given } gegeben, { $offered }, { $kept }
seeding-offered = wird geteilt
seeding-not-offered = wird nicht geteilt
seeding-checking = Es wird gerade geprüft.
seeding-pin = { $name } ist angeheftet
seeding-pin-it = Anheften
seeding-unpin = Nicht mehr anheften
seeding-offer = Wieder teilen
seeding-hold = Nicht teilen
seeding-kept-because = Bleibt, weil
seeding-others = Andere, die alles davon haben
seeding-used = Zuletzt gebraucht
seeding-expires = Geht nach dem
seeding-foot = { $count ->
    [one] { $count } Archiv · Leertaste heftet an · P teilt oder nicht · Entf gibt auf
   *[other] { $count } Archive · Leertaste heftet an · P teilt oder nicht · Entf gibt auf
}
seeding-room = Platz schaffen…
seeding-room-amount = Mindestens
seeding-room-all = alles, was geht
seeding-room-about = Deine Mods bleiben an ihrem Platz; was wieder nötig ist, wird wieder geholt.
seeding-room-unfinished = unfertiger Download
seeding-room-stays = { $name } bleibt. { $why }
seeding-room-nothing = Es gibt nichts, das gehen könnte.
seeding-room-do = { $size } freimachen

done-pinned = { $name } ist angeheftet
done-unpinned = { $name } geht mit der Zeit
done-seed-paused = { $name } wird nicht mehr geteilt
done-seed-resumed = { $name } wird wieder geteilt
done-sharing-on = Es wird wieder geteilt
done-sharing-off = Nichts wird mehr geteilt; Downloads gehen weiter
done-paused-all = Alles ist angehalten
done-resumed-all = Alles geht weiter
done-freed = { $size } freigemacht
