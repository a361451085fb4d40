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
