# Alle Profile eines Spiels: wechseln, kopieren, umbenennen, löschen, zurückholen.

profiles-title = Profile für { $game }
profiles-list = Profile
profiles-waiting = Die Profile werden gelesen…
profiles-empty = Für { $game } gibt es noch kein Profil.
profiles-new = Neues Profil
profiles-all = Alle Profile
profiles-column-where = Zustand
profiles-column-mods = Mods
profiles-row = { $name }, { $state }, { $mods }
profiles-mods = { $on } an, { $off } aus
profiles-mods-removed = { $count ->
    [one] { $count } Mod
   *[other] { $count } Mods
}
profiles-placed = In den Ordnern des Spiels
profiles-chosen = Ausgewählt, aber seine Mods sind herausgenommen
profiles-not-placed = Nicht in den Ordnern des Spiels
profiles-removed = Gelöscht, zurück bis { $date }
profiles-switch = Dahin wechseln
profiles-place = Mods wieder hineinlegen
profiles-busy = Gerade geschieht etwas damit
profiles-restore = Zurückholen
profiles-open = Öffnen
profiles-copy = Kopie anlegen
profiles-copy-name = Kopie von { $name }
profiles-rename = Umbenennen
profiles-rename-label = Name
profiles-delete = Löschen
profiles-about-placed = Seine Mods liegen in den Ordnern von { $game }. Wechselst du, nimmt ein anderes Profil ihren Platz ein; geändert wird nur, was verschieden ist.
profiles-about-chosen = Installieren und Spielen meinen dieses Profil. Seine Mods wurden aus den Ordnern von { $game } herausgenommen; du kannst sie jederzeit wieder hineinlegen.
profiles-about-not-placed = Seine Mods sind aufgehoben, liegen aber nicht in den Ordnern von { $game }. Beim Wechseln wird nur geändert, was verschieden ist.
profiles-about-delete = Seine Mods verlassen die Ordner des Spiels, Welten und Spielstände bleiben. Es kann 30 Tage lang zurückkommen.
profiles-about-removed = Am { $date } mit { $mods } gelöscht. Am { $until } wird es endgültig vergessen.
profiles-foot = Leertaste wechselt · F2 benennt um · Entf löscht · Eingabe öffnet

done-switching = Wechsel zu { $name }
done-switched = Zu { $name } gewechselt
done-cloned = { $name } angelegt
done-renamed = In { $name } umbenannt
done-deleting = { $name } wird gelöscht
done-deleted = { $name } gelöscht
done-restored = { $name } zurückgeholt
