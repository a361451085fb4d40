# What is kept and given to others.

seeding-list = Archives that are kept
seeding-waiting = Looking at what is kept…
seeding-empty = Nothing is kept yet. What you install stays here for a while, so that others can have it and you need not fetch it again.
seeding-unset = Nothing is shared until you choose with whom.
seeding-nobody = Nothing is shared, as you chose.
seeding-now = { $count ->
    [0] Sharing with nobody right now
    [one] Sharing { $speed } with { $count } player
   *[other] Sharing { $speed } with { $count } players
}
seeding-month = given { $given } this month
seeding-month-of = given { $given } of { $most } this month
seeding-choose = Choose…
seeding-stop = Stop sharing
seeding-go-on = Go on sharing
seeding-stop-about = Nothing is given to others any more; downloads go on.
seeding-pause-hour = Pause all for 1 h
seeding-pause-about = Stops every byte, downloads too, for an hour.
seeding-disk = Kept archives: { $used } of { $quota }
seeding-part-pinned = Pinned
seeding-part-used = In use
seeding-part-soon = Goes with time
seeding-part-free = Free
seeding-rules = Sharing waits
seeding-rule-playing = while a game runs
seeding-rule-battery = on battery
seeding-rule-metered = on a metered connection
seeding-rule-vpn = through a VPN
seeding-rule-away = until I am away
seeding-rule-applies = (so now)
seeding-rule-not = (not so now)
seeding-rule-unknown = (not known)
seeding-column-given = Given
seeding-column-ratio = Ratio
seeding-column-peers = Players
seeding-column-kept = Kept because
seeding-column-pin = Pin
seeding-row = { $name }, { $size }, given { $given }, { $offered }, { $kept }
seeding-offered = shared
seeding-not-offered = not shared
seeding-checking = It is being checked.
seeding-pin = { $name } is pinned
seeding-pin-it = Pin
seeding-unpin = Unpin
seeding-offer = Share it again
seeding-hold = Do not share it
seeding-kept-because = Kept because
seeding-others = Others who have all of it
seeding-used = Last used
seeding-expires = Goes after
seeding-foot = { $count ->
    [one] { $count } archive · Space pins · P shares or not · Delete lets go
   *[other] { $count } archives · Space pins · P shares or not · Delete lets go
}
seeding-room = Make room…
seeding-room-amount = At least
seeding-room-all = all there is
seeding-room-about = Your mods stay placed; what is needed again is fetched again.
seeding-room-unfinished = unfinished download
seeding-room-stays = { $name } stays. { $why }
seeding-room-nothing = There is nothing that could go.
seeding-room-do = Free { $size }

done-pinned = { $name } is pinned
done-unpinned = { $name } goes with time
done-seed-paused = { $name } is not shared any more
done-seed-resumed = { $name } is shared again
done-sharing-on = Sharing again
done-sharing-off = Nothing is shared any more; downloads go on
done-paused-all = Everything is paused
done-resumed-all = Everything goes on
done-freed = { $size } freed
