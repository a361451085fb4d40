# Lobbys: Mods für ein Spiel, danach wieder die eigenen. $name ist der Name der Lobby, $own das eigene Profil.
lobby-bringing = { $name }: Die Mods sind unterwegs. Bis dahin sind deine eigenen im Spiel.
lobby-placing = { $name }: Die Mods nehmen den Platz deiner eigenen ein.
lobby-ready = { $name }: Die Mods sind im Spiel. Starte es, wann du magst. Danach ist { $own ->
    [none] das ursprüngliche Spiel
   *[other] dein Profil { $own }
 } zurück.
lobby-playing = { $name }: Du spielst. Wenn das Spiel endet, ist { $own ->
    [none] das ursprüngliche Spiel
   *[other] dein Profil { $own }
 } zurück.
lobby-returning = { $name }: Deine eigenen Mods nehmen ihren Platz wieder ein.
