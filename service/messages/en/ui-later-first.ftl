# The first screen.

first-title = Welcome. Two things are set up already, the third is yours to choose.
first-about = Nothing here is needed to go on, and nothing is done before you press Start browsing. You can change all of it later.
first-games = Your games
first-looking = Looking for games…
first-no-games = No game that Muster knows was found on this computer. You can add one yourself.
first-games-about = { $count ->
    [one] Found here. Muster changes nothing in a game until you install something.
   *[other] { $count } found here. Muster changes nothing in a game until you install something.
}
first-other-game = A game is missing…
first-sources = Where mods come from
first-sources-about = What is ticked is read when you start. Your games change what is offered.
first-source-here = is there already
first-source-for = for { $games }
first-key = Key: { $words }
first-no-sources = No source is known for these games. Add one by its address, or open a file below.
first-source-add = Add by address…
first-sharing = Sharing
first-amounts = At most { $speed } and { $size } on the disk. Both can be changed in Settings.
first-take = You were sent something?
first-unanswered = You have not answered about sharing: until you do, Muster only downloads.
first-later = Your answer can be changed in Settings at any time.
first-skip = Skip
first-start = Start browsing
