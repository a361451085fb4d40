# The terminal: saves of a game and their snapshots.
cli-saves-unknown = Muster does not know where this game keeps its saves.
cli-saves-taken = Snapshot { $number } holds your saves as they are.
cli-saves-restored = Your saves are back. Those that were there are in snapshot { $number }.
cli-saves-restored-anew = Your saves are back.
cli-saves-freed = The snapshot is gone.
cli-saves-before = before: { $cause }
cli-saves-left-out = { $count ->
    [one] { $count } file left out for its name
   *[other] { $count } files left out for their names
}
cli-saves-off = No snapshots are taken by themselves. Turn that on with: muster saves when before-large
cli-saves-on = A snapshot is taken before changes that old saves may not survive.
cli-saves-limits = { $count ->
    [one] { $count } snapshot takes { $used } of { $quota }; at most { $keep } are kept.
   *[other] { $count } snapshots take { $used } of { $quota }; at most { $keep } are kept.
}
