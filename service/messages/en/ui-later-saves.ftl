# Snapshots of a game's saves.

saves-list = Snapshots of saves, newest first
saves-waiting = Looking for saves and their snapshots…
saves-unknown = Muster does not know where { $game } keeps its saves.
saves-unknown-about = The game’s definition does not say it. Mods are placed and taken out all the same; look after your saves yourself.
saves-none = There is no snapshot of your saves yet.
saves-none-about = A snapshot takes little more than what changed since the one before.
saves-when = Automatic snapshots
saves-when-off = Never
saves-when-before-large = Before large changes
saves-when-off-about = Snapshots are only taken when you say so.
saves-when-before-large-about = A snapshot is taken first when mods go, come in an older or a new main version, or many change at once. Without it such a change does not happen.
saves-used = { $used } of { $quota } used; at most { $keep } are kept. The oldest goes first, the newest always stays.
saves-take = Snapshot now
saves-taking = Taking a snapshot…
saves-rules = How much is kept…
saves-rules-title = How much is kept
saves-rules-keep = Snapshots at most
saves-rules-quota = MB at most
saves-rules-loses = { $count ->
    [one] { $count } snapshot, the oldest, goes for good.
   *[other] { $count } snapshots, the oldest ones, go for good.
}
saves-rules-tight = The oldest snapshots go for good until the others fit.
saves-rules-do = Change
saves-rules-do-lose = Change, let the oldest go
saves-column-when = When
saves-column-why = Why
saves-column-saves = Saves
saves-row = { $when }, { $why }, { $saves }, { $size }
saves-before = before: { $cause }
saves-snapshot = Snapshot { $number }, { $when }
saves-files = { $count ->
    [one] { $count } file, { $size }
   *[other] { $count } files, { $size }
}
saves-left-out = { $count ->
    [one] { $count } file is not in it, because not every system can have its name.
   *[other] { $count } files are not in it, because not every system can have their names.
}
saves-holds = Saves in it
saves-bring-back = { $count ->
    [0] Bring all of them back
    [one] Bring { $count } save back
   *[other] Bring { $count } saves back
}
saves-bringing = Bringing saves back…
saves-bring-back-about = Those that are there are snapshotted first. Saves that are not in the snapshot stay. The game must not be running.
saves-choose = Only some: choose them here
saves-let-go = Let go…
saves-folders = Where the saves lie
saves-foot = { $count ->
    [one] { $count } snapshot
   *[other] { $count } snapshots
}
saves-ask-title = Let snapshot { $number } go for good?
saves-ask-lost = The saves in it are gone then, and undo cannot bring them back. Your saves in the game stay as they are.
saves-ask-only = It is the only snapshot there is.
saves-ask-keep = Keep it
saves-ask-do = Let it go

done-saves-on = Snapshots are taken before large changes
done-saves-off = Snapshots are only taken when you say so
done-saves-rules = Changed how much is kept
done-saves-taken = Snapshot { $number } holds your saves as they are
done-saves-same = Nothing changed since snapshot { $number }: it holds your saves as they are
done-saves-back = Your saves are back. Those that were there are in snapshot { $number }
done-saves-back-anew = Your saves are back
done-saves-gone = Snapshot { $number } is gone
