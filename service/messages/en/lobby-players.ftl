# Who joined, as they say themselves. $name is what somebody is called there, $seat a number.
lobby-player-nameless = Player { $seat }
lobby-player-you = { $name } (you)
lobby-player-joining = joining
lobby-player-bringing = downloading
lobby-player-placing = placing files
lobby-player-ready = ready
lobby-player-playing = playing
lobby-player-left = left
lobby-player-silent = not heard from
lobby-player-needs = needs { $left } more of { $total }
