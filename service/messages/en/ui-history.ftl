# History of a profile: every state it was in, compared, named, gone back to, let go.

history-list = States of this profile, newest first
history-column-when = When
history-column-what = What
history-column-changes = Changes
history-row = { $when }, { $what }, { $changes } { $current ->
    [yes] , this is how it is now
   *[no] {""}
}
history-current = Now
history-added = { $count } added
history-removed = { $count } removed
history-changed = { $count } changed
history-same = no package differs
history-counting = counting…
history-go-back = Go back…
history-go-back-to = Go back… to: { $what }
history-go-back-now = { $count ->
    [0] Go back to here
    [one] Go back to here · { $count } change
   *[other] Go back to here · { $count } changes
}
history-if-back = If you go back to here
history-if-back-about = Going back is a step of its own, so it can be undone too.
history-this-step = What this step changed
history-first-step = This is the first state that is kept.
history-is-now = This is how the profile is now.
history-compare = Compare others with this one
history-compare-stop = Stop comparing
history-compared = Compared with { $what }
history-difference = From { $from } to this one
history-no-difference = Both have the same packages, switched on alike.
history-more-items = Show { $count } more
history-state = State { $number }
history-name-label = Name of this state
history-name-about = A state with a name is always kept.
history-name-save = Name it
history-name-rename = Rename
history-name-clear = Take the name away
history-prune = Let old states go…
history-prune-title = Let old states go
history-prune-newest = Keep the newest
history-prune-days = Keep all from the last days
history-prune-about = The first state, the present one and those with a name always stay. States that went do not come back.
history-prune-do = { $count ->
    [0] Nothing to let go
    [one] Let { $count } state go
   *[other] Let { $count } states go
}
history-to-original = Back to the original game…
history-foot = { $count ->
    [one] { $count } state
   *[other] { $count } states
}

done-going-back = Going back to: { $what }
done-went-back = Went back to: { $what }
done-named = Named “{ $name }”
done-unnamed = Name taken away
done-pruned = { $count ->
    [0] Every state is kept
    [one] { $count } state was let go
   *[other] { $count } states were let go
}
