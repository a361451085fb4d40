order-needs = { $later } needs { $earlier }.
order-load-before = { $earlier } asks to be loaded before { $later }.
order-load-after = { $later } asks to be loaded after { $earlier }.
win-needs = { $winner } wins over { $loser }, which it needs.
win-load-before = { $winner } wins over { $loser }, which asks to be loaded before it.
win-load-after = { $winner } wins over { $loser }: it asks to be loaded after it.
win-player = { $winner } wins over { $loser }: you put it so.
win-order = { $winner } wins over { $loser } by the load order.
