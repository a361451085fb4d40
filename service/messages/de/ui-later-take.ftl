# Was jemand geschickt hat: Dateien, Adressen, geteilte Profile.

take-label = Link, Adresse, Code oder geteiltes Profil einfügen
take-look = Ansehen
take-file = Datei öffnen…
take-about = Mods als Archive, Packs von Modrinth, r2modman und Gale, Tickets von Lobbys und Profile, die andere teilen. Du siehst, was es ändern würde, bevor etwas geschieht. Keine Adresse wird gefragt, bevor du zugestimmt hast.
take-refused = Das ist kein muster://-Link, keine https://-Adresse, kein Code, kein geteiltes Profil und kein Ticket einer Lobby.
take-open = Einfügen oder öffnen…
take-pasted = Eingefügter Text
take-title = Wird angesehen…
take-waiting = Wird gelesen…
take-shared-title = „{ $name }“ anwenden?
take-shared-about = { $count ->
    [one] Version { $version }, geschrieben { $when }, { $count } Paket.
   *[other] Version { $version }, geschrieben { $when }, { $count } Pakete.
}
take-shared-side = Es wurde in einem Profil zum { $side ->
    [client] Spielen
    [server] Hosten
   *[both] Spielen und Hosten
} geschrieben. Deins bleibt, was es ist.
take-shared-platform = Sein Spiel war auf { $platform } eingestellt. Deins bleibt, was es ist.
take-shared-other-side = { $count ->
    [one] { $count } Mod davon bleibt draußen: Auf der Seite eines Netzwerkspiels, für die dieses Profil ist, nützt sie nichts.
   *[other] { $count } Mods davon bleiben draußen: Auf der Seite eines Netzwerkspiels, für die dieses Profil ist, nützen sie nichts.
}
take-signed = Unterschrieben von { $owners }
take-unsigned = Niemand hat es unterschrieben. Es lässt sich anwenden, aber nicht verfolgen. Jede Mod kommt trotzdem aus deinen eigenen Quellen und wird dort geprüft.
take-file-title = Diese Datei installieren?
take-file-about = Sie wird ein eigenes Paket von dir. Niemand hat sie unterschrieben: Installiere sie, wenn du dem traust, von dem du sie hast.
take-profile = Für das Profil
take-keep-others = Meine anderen Mods in diesem Profil bleiben
take-follow = Nach neuen Versionen sehen (nichts wird von selbst angewendet)
take-no-profile = Es gibt noch kein Profil. Füge zuerst in der Bibliothek ein Spiel hinzu.
take-made-profile = Profil { $name } angelegt
take-other-game = Es ist für { $game }, und kein Profil hier ist für dieses Spiel. „Neues Profil…“ legt eines an.
take-missing = { $count ->
    [one] Es braucht eine Quelle, die du nicht hast. Dort wird nichts gefragt, bevor du ihr traust.
   *[other] Es braucht { $count } Quellen, die du nicht hast. Dort wird nichts gefragt, bevor du ihnen traust.
}
take-see-source = Ansehen…
take-same = Dein Profil hat das alles schon.
take-count-add = { $count } kommen dazu
take-count-change = { $count } ändern sich
take-count-remove = { $count } gehen
take-count-enable = { $count } werden eingeschaltet
take-count-disable = { $count } werden abgeschaltet
take-download = { $size } zu laden
take-install = Installieren · { $size }
take-do-follow = Folgen
take-apply = { $count ->
    [one] { $count } Änderung machen
   *[other] { $count } Änderungen machen
}
take-applying = { $name } wird angewendet
take-applied = { $name } ist angewendet
