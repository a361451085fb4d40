# The terminal: profiles, their history, and what is in a game's folders.
cli-profile-name = Profile
cli-profile-game = Game
cli-profile-state = State
cli-profile-placed = in the game's folders
cli-profile-not-placed = not in the game's folders
cli-profile-packages = Packages
cli-profile-counts = { $on } on, { $off } off
cli-profile-generation = State of the history
cli-profile-world = World
cli-profile-deleted = { $profile } is gone from the game's folders and from the list. Bring it back with: muster profile restore "{ $profile }"
cli-profile-until = can come back until { $time }

cli-history-same = Both states have the same packages.
cli-history-pruned = { $count ->
    [0] Every state is kept.
    [one] { $count } state was let go.
   *[other] { $count } states were let go.
}
