# Wer beigetreten ist, nach eigenen Angaben. $name ist der Name dort, $seat eine Nummer.
lobby-player-nameless = Spieler { $seat }
lobby-player-you = { $name } (du)
lobby-player-joining = tritt bei
lobby-player-bringing = lädt herunter
lobby-player-placing = legt Dateien ab
lobby-player-ready = bereit
lobby-player-playing = spielt
lobby-player-left = gegangen
lobby-player-silent = meldet sich nicht
lobby-player-needs = braucht noch { $left } von { $total }
