# Files that several packages hold.

conflicts-list = Files that several mods hold
conflicts-none = No two mods of this profile hold the same file.
conflicts-column-winner = In the game
conflicts-column-losers = Overridden
conflicts-row = { $path }: { $reasons }
conflicts-wins = { $winner } wins over { $loser }.
conflicts-same = { $sentence } Both files are the same.
