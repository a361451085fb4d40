# Games of the player's own.

settings-games = Games
games-about = Muster knows these games. A game that it does not know can be added: say how it is called, what starts it, and where it takes mods from.
games-found = found
games-not-found = not found on this computer
games-own = added by you
games-remove = Forget…
games-remove-label = Forget { $title }…
games-add = Add a game of your own…
games-new = A game of your own
games-title = Title
games-program = Program that starts it
games-folder = Folder that it takes mods from
games-choose = Choose…
games-none-chosen = nothing chosen yet
games-layout = How its mods lie there
games-layout-folder-each = Each mod in a folder of its own
games-layout-together = All files of all mods beside each other
games-confirm-about = A window of your desktop shows what will be started and asks once more.
games-do = Add the game…
done-game-added = Added { $title }
done-game-removed = Forgot { $title }
games-others = { $count ->
    [one] { $count } more game is known and was not found here.
   *[other] { $count } more games are known and were not found here.
}
