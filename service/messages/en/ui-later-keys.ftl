# The keys of a publisher, one after the other.

key-how-pinned = since { $since }: the first one that was accepted here
key-how-handed-over = since { $since }: handed over, signed by the key before
key-how-decided = since { $since }: accepted by you, without the key before
key-how-changed = since { $since }: how it came was not written down then
key-how-shown = shown by the source on { $since }, not accepted
key-replaced = until { $until }, replaced by { $by }
key-withdrawn = withdrawn by its owner, known here since { $when }
key-more = { $count ->
    [one] and { $count } before them
   *[other] and { $count } before them
}
