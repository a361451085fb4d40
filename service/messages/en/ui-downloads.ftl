# Downloads.

downloads-waiting = Reading the queue…
downloads-empty = Nothing is downloading.
downloads-split = peers { $peers } · servers { $servers }
downloads-limit = Limit { $speed }
downloads-no-limit = No limit
downloads-jobs = Under way
downloads-failed = { $count ->
    [one] { $count } failed
   *[other] { $count } failed
}
downloads-finished = { $count ->
    [one] { $count } finished, { $size }:
   *[other] { $count } finished, { $size }:
}
pause-all = Pause all
resume-all = Resume all
pause-one = Pause { $name }
resume-one = Resume { $name }
retry-one = Retry { $name }
menu-lane = Move to “{ $lane }”
start-now = Start { $name } now
graph-still = 5 min: nothing downloaded
graph-summary = 5 min: peak { $peak }, average { $average }

lane-label = Lane
lane-lobby-urgent = Now
lane-user = Next
lane-background = Idle
lane-lobby-urgent-about = a lobby waits for it, or you moved it here: full speed
lane-user-about = what you asked for, in order
lane-background-about = updates and repairs: only when nothing else runs, never during a game
lane-empty = Nothing here
moved-lobby-urgent = { $name } starts now; the others get what is left
moved-user = { $name } moved to Next
moved-background = { $name } moved to Idle

transfer-bar = { $name }, { $percent }, { $here } already here, { $peers } from peers, { $servers } from servers
transfer-row = { $name }, { $state }
transfer-missing = { $missing } to go
transfer-queued = Queued
transfer-active = Downloading
transfer-checking = Checking
transfer-paused = Paused
transfer-done = Done
transfer-failed = Failed
part-here = Already here
part-peers = From peers
part-servers = From servers
part-missing = Still to come
fact-speed = Speed
fact-left = Time left
fact-peers = Peers
fact-given = Given back
fact-waits = Waiting for it
fact-hash = Hash
job-amount = { " · " }{ $done } of { $total }
job-kind-change = Change of the profile
job-kind-go-back = Going back
job-kind-repair = Repair
job-kind-look = Reading a repository
job-kind-sync = Refreshing a source
