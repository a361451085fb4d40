# Die Spiele.

library-list = Spiele
library-waiting = Spiele werden gesucht…
library-empty = Auf diesem Rechner wurde kein Spiel gefunden, das Muster kennt. Füge selbst eines hinzu, oder installiere eines und komm wieder.
library-column-attention = Braucht einen Blick
library-mods = { $count ->
    [one] { $count } Mod an
   *[other] { $count } Mods an
}
library-no-profile = kein Profil
library-play = { $game } spielen
library-gone = auf diesem Rechner nicht mehr gefunden
library-gone-about = Muster findet { $game } nicht mehr, wo es war. Deine Profile bleiben. Installiere das Spiel wieder oder schließe seine Platte an, und alles ist wie vorher.
library-where = Wo es liegt
library-place = Ort „{ $place }“
library-foot = Eingabe sucht Mods · P spielt · O öffnet das Profil
installation-native = auf diesem Rechner
installation-flatpak = Flatpak
installation-steam = Steam
installation-heroic = Heroic
installation-lutris = Lutris
installation-manual = eigener Ordner
