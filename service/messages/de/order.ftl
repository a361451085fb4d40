order-needs = { $later } braucht { $earlier }.
order-load-before = { $earlier } möchte vor { $later } geladen werden.
order-load-after = { $later } möchte nach { $earlier } geladen werden.
win-needs = { $winner } gewinnt gegen { $loser }, das es braucht.
win-load-before = { $winner } gewinnt gegen { $loser }, das vorher geladen werden möchte.
win-load-after = { $winner } gewinnt gegen { $loser }: Es möchte danach geladen werden.
win-player = { $winner } gewinnt gegen { $loser }: Du hast es so bestimmt.
win-order = { $winner } gewinnt gegen { $loser } durch die Ladereihenfolge.
