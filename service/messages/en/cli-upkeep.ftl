# The terminal: updates without anybody asking.
cli-upkeep-off = { $profile }: updates are shown, and nothing more.
cli-upkeep-fetch = { $profile }: updates are downloaded in the background.
cli-upkeep-apply = { $profile }: updates are made in the background.
cli-upkeep-none = Nothing is kept up to date in the background. Choose it for a profile with: muster profile policy NAME apply
cli-upkeep-subscribed-fetch = subscribed, downloaded in the background
cli-upkeep-subscribed-apply = subscribed, updated in the background
cli-upkeep-subscribed-gone = subscribed, not in the profile now
cli-upkeep-waits = new; waits until { $time } UTC
cli-upkeep-comes = is downloaded
cli-upkeep-ready = is here
cli-upkeep-asks = for you to decide: muster update
cli-upkeep-problem = Updates could not be looked for: { $problem }
cli-subscribed = Subscribed in { $profile }. New versions come when they have been on offer for two days.
cli-unsubscribed = No longer subscribed in { $profile }.
