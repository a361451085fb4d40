# Ladereihenfolge: verschoben, und was dem entgegensteht.

order-title = Ladereihenfolge
order-position = Platz
order-of = von { $count }
order-up = Nach oben
order-down = Nach unten
order-first = Ganz nach oben
order-last = Ans Ende
order-place = { $title }: Platz { $place } von { $count }
order-before = { $earlier } kommt vor { $later }.
order-stays-behind = { $later } bleibt hinter { $earlier }, das vorher geladen werden muss. { $why }
order-stays-before = { $earlier } bleibt vor { $later }, weil es vorher geladen werden muss. { $why }
order-comes-along = { $earlier } kam mit, weil es vor { $later } geladen werden muss. { $why }
order-authors-about = Was Mods brauchen und was ihre Autoren möchten, gilt mehr als deine Reihenfolge.
order-circles = { $count ->
    [one] Mods möchten eine Reihenfolge, die es nicht geben kann
   *[other] Mods möchten Reihenfolgen, die es nicht geben kann, an { $count } Stellen
}
order-circles-about = Nichts ist kaputt: Ein Wunsch jedes Kreises gibt nach. Nur die Autoren können ändern, was ihre Mods möchten.
order-circles-more = { $count ->
    [one] und { $count } weiterer
   *[other] und { $count } weitere
}
order-gave-way = dieser gibt nach
done-moved = { $count ->
    [one] { $title } verschoben
   *[other] { $count } Mods verschoben
}
