# Dateien, die mehrere Pakete haben.

conflicts-list = Dateien, die mehrere Mods haben
conflicts-none = Keine zwei Mods dieses Profils haben dieselbe Datei.
conflicts-column-winner = Im Spiel
conflicts-column-losers = Überdeckt
conflicts-row = { $path }: { $reasons }
conflicts-wins = { $winner } gewinnt gegen { $loser }.
conflicts-same = { $sentence } Beide Dateien sind gleich.
