# Packages that the player keeps at a version. $reason is the player's own sentence.
cause-hold = Held { $titles }
cause-unhold = Let { $titles } go
notice-held = { $reason ->
    [none] { $package } stays at { $version }, because you hold it.
   *[other] { $package } stays at { $version }, because you hold it: { $reason }.
}
cli-held = { $reason ->
    [none] held
   *[other] held: { $reason }
}
