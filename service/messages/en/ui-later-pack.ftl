# Packs that other managers made.
pack-about = { $count ->
    [one] One mod, { $found } of it can be had here.
   *[other] { $count } mods, { $found } of them can be had here.
}{ $version ->
    [none] { "" }
   *[other] { " " }Version { $version }.
}
pack-need = It is made for { $what } { $version }. Muster does not install that.
pack-mods = Mods of the pack
pack-found = found
pack-found-off = found, turned off
pack-other = not in this version; the newest is { $version }. Stays out
pack-address = in no source; comes from { $host }, known by its hash
pack-unknown = in no source. Stays out
pack-files = { $count ->
    [one] One file of its own ({ $size }) comes along, as a package of yours.
   *[other] { $count } files of its own ({ $size }) come along, as a package of yours.
}
pack-behind = { $count ->
    [one] One file stays behind
   *[other] { $count } files stay behind
}
pack-refused-program = A program, and of no source.
pack-refused-outside = Not in a folder for mods or their settings.
pack-refused-protected = Belongs to the game or to you.
pack-refused-name = Its name or description cannot be used.
pack-refused-address = From an address that is not asked.
pack-next = Next, what it brings itself is fetched and checked. Then you see every change before it is made.
pack-take = Fetch and go on
