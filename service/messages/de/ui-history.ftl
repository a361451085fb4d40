# Verlauf eines Profils: jeder Stand, verglichen, benannt, wieder geholt, aufgegeben.

history-list = Stände dieses Profils, der neueste zuerst
history-column-when = Wann
history-column-what = Was
history-column-changes = Änderungen
history-row = { $when }, { $what }, { $changes } { $current ->
    [yes] , so ist es jetzt
   *[no] {""}
}
history-current = Jetzt
history-added = { $count } dazu
history-removed = { $count } weg
history-changed = { $count } geändert
history-same = kein Paket ist anders
history-counting = wird gezählt…
history-go-back = Zurück…
history-go-back-to = Zurück… zu: { $what }
history-go-back-now = { $count ->
    [0] Hierher zurück
    [one] Hierher zurück · { $count } Änderung
   *[other] Hierher zurück · { $count } Änderungen
}
history-if-back = Wenn du hierher zurückgehst
history-if-back-about = Zurückgehen ist selbst ein Schritt, auch das lässt sich rückgängig machen.
history-this-step = Was dieser Schritt geändert hat
history-first-step = Dies ist der erste Stand, der aufgehoben ist.
history-is-now = So ist das Profil jetzt.
history-compare = Andere mit diesem vergleichen
history-compare-stop = Nicht mehr vergleichen
history-compared = Verglichen mit { $what }
history-difference = Von { $from } zu diesem
history-no-difference = Beide haben dieselben Pakete, gleich eingeschaltet.
history-more-items = { $count } weitere zeigen
history-state = Stand { $number }
history-name-label = Name dieses Stands
history-name-about = Ein Stand mit Namen bleibt immer.
history-name-save = Benennen
history-name-rename = Umbenennen
history-name-clear = Namen wegnehmen
history-prune = Alte Stände aufgeben…
history-prune-title = Alte Stände aufgeben
history-prune-newest = Die neuesten behalten
history-prune-days = Alle der letzten Tage behalten
history-prune-about = Der erste Stand, der jetzige und die mit Namen bleiben immer. Aufgegebene Stände kommen nicht wieder.
history-prune-do = { $count ->
    [0] Nichts aufzugeben
    [one] { $count } Stand aufgeben
   *[other] { $count } Stände aufgeben
}
history-to-original = Zurück zum Originalspiel…
history-foot = { $count ->
    [one] { $count } Stand
   *[other] { $count } Stände
}

done-going-back = Zurück zu: { $what }
done-went-back = Zurückgegangen zu: { $what }
done-named = „{ $name }“ genannt
done-unnamed = Name weggenommen
done-pruned = { $count ->
    [0] Jeder Stand bleibt
    [one] { $count } Stand aufgegeben
   *[other] { $count } Stände aufgegeben
}
