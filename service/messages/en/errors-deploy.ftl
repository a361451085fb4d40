# Putting mods into a game's folders and taking them out.
error-deploy-nothing-to-place = { $package } has nothing in it that this game could use.
error-deploy-nothing-to-place-hint = Nothing was changed. Perhaps it is made for another game; tell its publisher.
error-deploy-path = { $package } wants a file to go where it may not ({ $path }): { $why }.
error-deploy-path-hint = Nothing was changed. Tell the publisher of the package.
error-deploy-protected = { $package } wants to change { $path }, which no mod may touch.
error-deploy-protected-hint = Nothing was changed. Tell the publisher of the package.
error-deploy-twice = Two files of { $package } would be the same file in the game: { $path }.
error-deploy-twice-hint = Nothing was changed. Tell the publisher of the package.
error-deploy-clash = { $first } and { $second } do not fit together: one needs { $path } as a file, the other as a folder.
error-deploy-clash-hint = Nothing was changed. Leave one of the two out.
error-deploy-busy = This game's mods are being changed already.
error-deploy-busy-hint = Nothing was changed. Wait for the other change to end, then try again.
error-deploy-blocked = { $count ->
    [one] Something is in the way: { $path }.
   *[other] { $count } things are in the way, the first is { $path }.
}
error-deploy-blocked-hint = Nothing was changed. It is a link or a folder that Muster did not make; move it away and try again.
error-deploy-changed-meanwhile = { $path } was changed by another program at the same moment.
error-deploy-changed-meanwhile-hint = Everything is as it was before. Close the game and try again.
error-deploy-stale = The mods were changed after this plan was made.
error-deploy-stale-hint = Nothing was changed. Look at the new plan and confirm it again.
error-deploy-no-space = The game's disk is too full: { SIZE($needed) } are needed, { SIZE($free) } are free.
error-deploy-no-space-hint = Nothing was changed. Free some space, then try again.
error-deploy-not-writable = Muster may not write to { $path }.
error-deploy-not-writable-hint = Nothing was changed. Check the folder's permissions, and that the disk is not read-only.
error-deploy-tree-missing = The files of { $package } are not at hand any more.
error-deploy-tree-missing-hint = Nothing was changed. Try again: they are fetched anew.
error-deploy-wrong-root = The folder for { $place } is now { $now }, but the mods were put into { $before }.
error-deploy-wrong-root-hint = Nothing was changed. Set the old folder again and remove the mods there first.
error-deploy-place-unknown = The folder for { $place } is not known.
error-deploy-place-unknown-hint = Nothing was changed. Choose the game's folder again.
error-deploy-journal = Muster's notes about this game's files are damaged ({ $path }): { $why }.
error-deploy-journal-hint = The game's files were left alone. Keep the notes and report it; they also name the kept originals.
error-deploy-journal-format = Muster's notes about this game's files were written by a newer version ({ $path }).
error-deploy-journal-format-hint = Nothing was changed. Update Muster, then try again.
error-deploy-unfinished = The change failed and could not be taken back at once: { $reason }
error-deploy-unfinished-hint = Nothing is lost. Check the disk; Muster takes the change back before it does anything else.
error-deploy-locked = { $path } cannot be replaced: it is marked as not to be changed, or a program keeps it open.
error-deploy-locked-hint = Nothing was changed. Close the game and other programs that use it, or take the mark away, then try again.
error-deploy-too-long = { $path } would be a longer path than programs can open ({ $limit } bytes).
error-deploy-too-long-hint = Nothing was changed. Move the game to a folder with a shorter path.
