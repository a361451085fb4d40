# Packages that the player keeps at a version, in the window.
held-hold = Hold
held-let-go = Stop holding
held-change = Save the reason
held-here = You hold it at this version.
held-why = You hold it at this version: { $reason }
held-back = held back
held-back-why = held back: { $reason }
held-reason = Why it is held
held-reason-new = Hold at { $version }, because
held-reason-example = no reason needed
held-about = A held package stays at its version until you let it move again. The reason is told wherever it keeps something from happening.
done-held = { $count ->
    [one] { $title } stays at its version.
   *[other] { $count } packages stay at their versions.
}
done-unheld = { $count ->
    [one] { $title } moves with updates again.
   *[other] { $count } packages move with updates again.
}
