# Files that several packages hold.

conflicts-list = Files that several mods hold
conflicts-none = No two mods of this profile hold the same file.
conflicts-column-winner = In the game
conflicts-column-losers = Overridden
conflicts-row = { $path }: { $reasons }
conflicts-wins = { $winner } wins over { $loser }.
conflicts-same = { $sentence } The files are the same.
conflicts-foot = { $count ->
    [one] { $count } file that several mods hold
   *[other] { $count } files that several mods hold
}
conflicts-choose = Another winner
conflicts-let-win = Let { $title } win…
conflicts-if = If { $title } wins
conflicts-if-about = { $title } moves right behind { $winner } in the load order. Only the order decides whose files are in the game, so it decides about all files that both hold.
conflicts-cannot = { $title } cannot win here: what authors ask for is stronger than your order.
conflicts-hands = { $count ->
    [0] No file changes hands.
    [one] { $count } file changes hands
   *[other] { $count } files change hands
}
conflicts-hand = { $from } → { $to }
conflicts-hand-same = { $from } → { $to }, both the same
conflicts-planning = Working out what would change…
conflicts-do = { $count ->
    [0] Let { $title } win
    [one] Let { $title } win · { $count } file
   *[other] Let { $title } win · { $count } files
}
conflicts-leave = Leave it as it is
done-winner = { $title } wins over { $winner } now
