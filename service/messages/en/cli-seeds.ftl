# The terminal: what is kept and shared, the download queue, peers.
cli-seed-checking = being checked
cli-seed-pinned = pinned
# $given is an amount with its unit.
cli-seed-given = gave { $given }
# $used, $limit and $given are amounts with their unit.
cli-seed-total = { $count ->
    [one] { $count } archive, { $used } of { $limit }; { $offered } shared; { $given } given to others
   *[other] { $count } archives, { $used } of { $limit }; { $offered } shared; { $given } given to others
}
cli-seed-empty = Nothing is kept.
cli-free-goes = goes
cli-free-stays = stays
cli-free-unfinished = unfinished download
# $freed and $wanted are amounts with their unit.
cli-free-amount = { $freed } would become free. Your mods stay placed; what is needed again is fetched again.
cli-free-less = Of { $wanted } only { $freed } can be freed.
cli-free-others = { $count ->
    [one] { $count } other archive stays.
   *[other] { $count } other archives stay.
}
cli-free-done = { $freed } freed.
cli-queue-empty = Nothing is being downloaded.
# Amounts with their unit, by where they came from.
cli-queue-split = { $here } here, { $peers } from players, { $servers } from servers
# $name is what was asked for; $done, $total and $left are amounts, $rate is a speed.
cli-queue-group = { $name }: { $complete } of { $archives }, { $done } of { $total }, { $left } left, { $rate }
cli-queue-group-time = { $name }: { $complete } of { $archives }, { $done } of { $total }, { $left } left, { $rate }, { $time }
cli-queue-all = Together
cli-queue-checking = checking
cli-queue-done = done
cli-peers-nobody = Nobody is connected.
cli-peers-wrong = { $count ->
    [one] { $count } wrong block
   *[other] { $count } wrong blocks
}
cli-peers-seed = has all
cli-via-named = named
cli-via-lan = local network
cli-via-tracker = tracker
cli-via-dht = DHT
cli-via-pex = other players
cli-via-incoming = came to us
cli-peer-idle = idle
cli-peer-taking = taking
cli-peer-giving = giving
cli-peer-both = taking and giving
