# Versions of one file that was changed by hand, side by side.

compare-open = Compare versions…
compare-close = Back to the list
compare-list = Lines of { $file }
compare-waiting = Reading the versions…
compare-views = What is shown
compare-view-changes = Changes
compare-view-all = All lines
compare-view-merged = Both, merged
compare-base = As it came
compare-mine = Yours
compare-theirs = The package’s now
compare-by = Changed by
compare-by-nobody = {""}
compare-by-mine = you
compare-by-theirs = package
compare-by-both = both
compare-by-alike = both alike
compare-skipped = { $count ->
    [one] { $count } line that nobody changed is left out before this one
   *[other] { $count } lines that nobody changed are left out before this one
}
compare-row = { $by }: { $mine }
compare-same = Your file has the same lines as the package’s.
compare-no-base = The file as it came is gone, so there is nothing to merge with. This is yours.
compare-no-theirs = No package has this file as a text any more. This is yours.
compare-unmerged = Where both changed the same lines, yours stand: this is what “Keep both” would place.
compare-merged = This is what “Keep both” would place.
compare-conflict = You and the package changed the same lines. “Keep both” would keep yours there.
compare-counts = { $mine ->
    [0] you changed nothing
    [one] { $mine } line of yours
   *[other] { $mine } lines of yours
} · { $theirs ->
    [0] the package changed nothing since
    [one] { $theirs } line of the package
   *[other] { $theirs } lines of the package
} · { $both ->
    [0] nothing that both changed
    [one] { $both } line that both changed
   *[other] { $both } lines that both changed
}
