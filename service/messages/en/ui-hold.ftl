# Packages that the player keeps at a version, in the window.
held-hold = Hold
held-let-go = Let go
held-here = You hold it at this version.
held-why = You hold it at this version: { $reason }
done-held = { $count ->
    [one] { $title } stays at its version.
   *[other] { $count } packages stay at their versions.
}
done-unheld = { $count ->
    [one] { $title } moves with updates again.
   *[other] { $count } packages move with updates again.
}
