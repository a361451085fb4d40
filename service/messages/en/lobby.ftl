# Lobbies: mods for a match, and the own ones after it. $name is the lobby's, $own the player's own profile.
lobby-bringing = { $name }: its mods are on their way. Your own are in the game until then.
lobby-placing = { $name }: its mods take the place of yours.
lobby-ready = { $name }: its mods are in the game. Start it when you like. { $own ->
    [none] The original game
   *[other] Your profile { $own }
 } is back afterwards.
lobby-playing = { $name }: you play. { $own ->
    [none] The original game
   *[other] Your profile { $own }
 } is back when the game ends.
lobby-returning = { $name }: your own mods take their place again.
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
