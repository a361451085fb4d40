# The games.

library-list = Games
library-waiting = Looking for games…
library-empty = No game that Muster knows was found on this computer. Add one yourself, or install one and come back.
library-column-attention = Needs a look
library-mods = { $count ->
    [one] { $count } mod on
   *[other] { $count } mods on
}
library-no-profile = no profile
library-play = Play { $game }
library-gone = not found on this computer any more
library-gone-about = Muster does not find { $game } where it was. Your profiles are kept. Install the game again, or reconnect its disk, and everything is as before.
library-where = Where it is
library-place = Place “{ $place }”
library-foot = Enter browses for mods · P plays · O opens the profile
installation-native = on this computer
installation-flatpak = Flatpak
installation-steam = Steam
installation-heroic = Heroic
installation-lutris = Lutris
installation-manual = folder of your own
