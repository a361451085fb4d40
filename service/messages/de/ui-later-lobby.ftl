# Der Ort der Lobby, und was eine Einladung zeigt. $name ist der Name der Lobby, $own das eigene Profil.
lobby-invited = Eine Einladung in eine Lobby
lobby-invited-about = { $count ->
    [one] Um zu sehen, womit sie spielt, wird dieser Spieler gefragt. Er sieht deine Adresse.
   *[other] Um zu sehen, womit sie spielt, werden diese { $count } Spieler gefragt. Sie sehen deine Adresse.
}
lobby-ask = Zeigen, womit sie spielt
lobby-asking = Die Spieler werden gefragt …
lobby-join-title = { $name } beitreten?
lobby-need = { $count ->
    [one] { $count } Mod
   *[other] { $count } Mods
} · { $size } zu holen · { $peers ->
    [one] ein Spieler hat sie
   *[other] { $peers } Spieler haben sie
}
lobby-own-back = Sie werden ein eigenes Profil. Nach dem Spiel ist { $own } zurück.
lobby-join = Mit diesen Mods beitreten
lobby-missing = { $count ->
    [one] Sie braucht eine Quelle, die du nicht hast. Füge sie hinzu, wenn du ihr vertraust, und sieh dann noch einmal nach.
   *[other] Sie braucht { $count } Quellen, die du nicht hast. Füge sie hinzu, wenn du ihnen vertraust, und sieh dann noch einmal nach.
}
lobby-no-mods = Sie spielt ohne Mods.
lobby-about = Spiele mit genau denselben Mods wie deine Freunde. Danach sind deine zurück.
lobby-joined = Du bist in { $name }
lobby-play = Spielen
lobby-leave = Verlassen, meine Mods zurückholen
lobby-hosted = { $name } ist offen
lobby-hosted-about = { $count ->
    [one] Sie spielt mit einem Mod, wie dein Profil ihn hatte, als sie geöffnet wurde.
   *[other] Sie spielt mit { $count } Mods, wie dein Profil sie hatte, als sie geöffnet wurde.
}
lobby-link = Link, der einlädt
lobby-copy = Link kopieren
lobby-copied = Kopiert
lobby-close = Lobby schließen
lobby-not-offered = Gerade kann sie niemand von hier holen: Das Teilen ruht. Unter „Teilen“ steht, warum.
lobby-open-title = Eine Lobby öffnen
lobby-open-about = { $count ->
    [0] In { $profile } ist nichts eingeschaltet, womit man spielen könnte.
    [one] Andere spielen mit dem Mod, den { $profile } jetzt hat.
   *[other] Andere spielen mit den { $count } Mods, die { $profile } jetzt hat.
}
lobby-name = Name
lobby-hours = Offen für
lobby-hours-value = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
lobby-open = Lobby öffnen
lobby-join-box = Einer Lobby beitreten
lobby-join-box-about = Füge den Link ein, den du bekommen hast, oder öffne die Datei mit dem Ticket; du kannst sie auch auf das Fenster ziehen.
lobby-file = Ticket öffnen …
lobby-paste = Link
lobby-look = Ansehen
lobby-no-link = Das ist kein Link in eine Lobby. Er beginnt mit muster://join/
done-lobby-closed = Die Lobby ist geschlossen
done-lobby-joined = { $name }: Die Mods sind unterwegs
lobby-copy-ticket = Ticket kopieren
lobby-copy-ticket-about = Für Leute, die diesen Rechner nicht erreichen: Als Datei gespeichert treten sie damit im Terminal bei.
lobby-fact-game = Spiel
lobby-fact-profile = Profil
lobby-fact-opened = Offen seit
lobby-fact-joined = Beigetreten
lobby-fact-until = Beitreten geht bis
lobby-fact-own = Danach zurück
lobby-fact-heard = Der Gastgeber antwortete
lobby-host-unheard = noch nicht
lobby-players = Wer da ist
lobby-players-ready = { $ready } von { $all } bereit
lobby-players-none = Noch ist niemand da. Spieler stehen hier nach eigenen Angaben; nur wer diesen Rechner erreicht, wird gehört.
lobby-players-unknown = Der Gastgeber hat noch nicht geantwortet, daher ist nicht bekannt, wer noch da ist. Spielen kannst du trotzdem.
lobby-player-since = Da seit { $time }
lobby-player-heard = zuletzt gehört { $time }
lobby-your-name = Dein Name dort
lobby-your-name-about = Der Gastgeber und die anderen sehen ihn, und wie weit du bist. Er darf leer bleiben.
lobby-copy-full = Link mit Ticket kopieren
lobby-copy-full-about = Länger; womit sie spielt, steht im Link selbst, also muss niemand danach gefragt werden.
lobby-fact-words = Du bist zu erkennen an
lobby-fact-page = Zurück zu
lobby-optional = Weglassen kannst du
lobby-optional-unverified = nicht geprüft
lobby-back-page = Danach kannst du zu { $host } zurück.
lobby-back-to = Zurück zu { $host }
lobby-host-words = Dieser Gastgeber ist an den Wörtern { $words } wiederzuerkennen.
lobby-remember = Bei diesem Gastgeber nicht mehr fragen, wenn alles geprüft ist und von Herausgebern kommt, deren Mods ich habe
lobby-more = Mehr …
lobby-known = Gäste sollen mich wiedererkennen
lobby-known-about = Deine Lobbys werden mit einem Schlüssel unterschrieben, der bleibt; so müssen Gäste nicht jedes Mal gefragt werden. Auch andere sehen dann, dass deine Lobbys von derselben Person sind.
lobby-page = Seite, zu der es zurückgeht
lobby-page-wrong = Nur eine Seite im Web, die mit https:// beginnt
lobby-may-leave-out = Gäste dürfen weglassen
hosts-about = Lobbys dieser Gastgeber trittst du bei, wenn du ihrem Link folgst, ohne gefragt zu werden, solange alles darin geprüft ist und von Herausgebern kommt, deren Mods du hast. Ein Gastgeber wird an seinem Schlüssel erkannt, nie an einem Namen.
hosts-none = Zu jeder Lobby wird gefragt.
hosts-since = seit { $time }, in { $lobby }
hosts-forget = Wieder fragen
hosts-forget-label = Zu { $words } wieder fragen
settings-hosts = Lobbys ohne Nachfrage
done-host-forgotten = Zu Lobbys dieses Gastgebers wird wieder gefragt
