# Load order: moved, and what stands in the way.

order-title = Load order
order-position = Position
order-of = of { $count }
order-up = Move up
order-down = Move down
order-first = To the top
order-last = To the end
order-place = { $title }: position { $place } of { $count }
order-before = { $earlier } comes before { $later }.
order-stays-behind = { $later } stays behind { $earlier }, which must be loaded first. { $why }
order-stays-before = { $earlier } stays before { $later }, because it must be loaded first. { $why }
order-comes-along = { $earlier } came along, because it must be loaded before { $later }. { $why }
order-authors-about = What mods need and what their authors ask for is stronger than your order.
order-circles = { $count ->
    [one] Mods ask for an order that cannot be
   *[other] Mods ask for orders that cannot be, in { $count } places
}
order-circles-about = Nothing is broken: one wish of each circle gave way. Only the authors can change what their mods ask for.
order-circles-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
order-gave-way = this one gave way
done-moved = { $count ->
    [one] Moved { $title }
   *[other] Moved { $count } mods
}
