# Why an archive is not offered, why it is kept, why it stays when room is made, and what is said about a full cache.
reason-sharing-seeding-paused = You paused sharing; downloads go on
reason-sharing-failed = Other players cannot connect: the address for it is taken
reason-sharing-paused = You paused this one
reason-sharing-checking = Being checked first, after Muster did not end as it should
reason-sharing-yanked = Its author withdrew this version
reason-sharing-unknown = Nobody can say whether it may be passed on, so it is not
reason-sharing-soon = In a moment
reason-kept-needed = An unfinished change waits for it
reason-kept-pinned = You pinned it
# $profiles are names, separated by commas.
reason-kept-installed = Used by { $profiles }
reason-kept-last-copy = { $others ->
    [0] Nobody else is known to have all of it
    [one] Only { $others } other player is known to have all of it
   *[other] Only { $others } other players are known to have all of it
}
reason-kept-for-now = { $days ->
    [0] Nothing needs it; it goes soon
    [one] Nothing needs it; it goes within { $days } day
   *[other] Nothing needs it; it goes in { $days } days
}
reason-stays-in-use = In use right now
reason-stays-needed = An unfinished change waits for it
reason-stays-pinned = You pinned it; unpin it first
reason-stays-enough = Not needed to make the room
reason-cache-full-soon = { $count ->
    [one] The cache is over its limit: { $count } archive that you use or pinned ({ SIZE($size) }) goes in { $hours } h. Your mods stay placed. Raise the limit to keep it.
   *[other] The cache is over its limit: { $count } archives that you use or pinned ({ SIZE($size) }) go in { $hours } h. Your mods stay placed. Raise the limit to keep them.
}
reason-cache-full-kept = The cache is { SIZE($size) } over its limit with archives that you use or pinned; they are kept, as you set it
