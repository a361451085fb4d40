# How far updates go by themselves, in the window.
upkeep-title = Updates
upkeep-policy-off = Show them
upkeep-policy-off-about = You update when you like.
upkeep-policy-fetch = Download them ahead
upkeep-policy-fetch-about = In the background, never while you play. You update when you like, without waiting.
upkeep-policy-apply = Update by itself
upkeep-policy-apply-about = In the background, while the game does not run. Each update can be undone. Whatever needs your decision waits for it.
upkeep-waits-until = New; waits until { $when }, when it has been on offer for two days
upkeep-waits = New; waits until it has been on offer for two days
upkeep-comes = Is downloaded
upkeep-ready = Is here
upkeep-asks = Waits for your decision: update it by hand
upkeep-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
upkeep-subscriptions = Kept up to date, whatever the profile does
upkeep-subscribed-apply = updates by itself
upkeep-subscribed-fetch = downloaded ahead
upkeep-subscribed-gone = not in the profile now
upkeep-subscribe = Keep this up to date
upkeep-subscribe-about = New versions come by themselves when they have been on offer for two days.
upkeep-subscribed-about = New versions come by themselves when they have been on offer for two days. An update that needs your decision waits for it.
upkeep-end = Stop keeping it up to date
upkeep-end-of = Stop keeping { $title } up to date
upkeep-checked = Last looked { $when }
done-subscribed = { $title } is kept up to date.
done-unsubscribed = { $title } is updated when you like.
