# Profile, die weitergegeben werden, und Profile anderer, denen gefolgt wird.

share-open = Dieses Profil teilen…
share-waiting = Das Profil wird aufgeschrieben…
share-holds = { $count ->
    [one] Darin steht, welches { $count } Paket das Profil hat. Keine Einstellungen, keine Dateien, nichts von deinem Spiel oder deinem Rechner.
   *[other] Darin steht, welche { $count } Pakete das Profil hat, und ihre Reihenfolge. Keine Einstellungen, keine Dateien, nichts von deinem Spiel oder deinem Rechner.
}
share-left-out = { $count ->
    [one] Eine Mod bleibt weg, weil andere sie nicht bekommen können: Sie liegt nur auf diesem Rechner.
   *[other] { $count } Mods bleiben weg, weil andere sie nicht bekommen können: Sie liegen nur auf diesem Rechner.
}
share-unsigned = Schick es, wie es ist, oder leg es in eine Datei. Damit andere ihm folgen können, unterschreibe es: muster profile share DATEI --key SCHLÜSSEL
share-copy = Kopieren
share-see = Alles ansehen

follow-title = Folgt „{ $name }“
follow-row = folgt { $name }
follow-row-news = folgt { $name }: Neues
follow-news = Version { $seen } ist da. Zuletzt zugestimmt hast du Version { $version }.
follow-same = Du hast die neueste Version, { $version }.
follow-apply = Nichts wird von selbst angewendet.
follow-see = Unterschied ansehen…
follow-equal = Stimmst du einer Version zu, gehen Mods, die sie nicht hat; was nur auf deinem Rechner liegt, bleibt.
follow-keeps = Deine anderen Mods bleiben, wenn du einer Version zustimmst.
follow-checked = Zuletzt gefragt { $when }
follow-look = Nach Neuem sehen
follow-looking = Wird gesucht…
follow-stop = Nicht mehr folgen…
follow-ask-title = Soll { $profile } „{ $name }“ nicht mehr folgen?
follow-ask-about = Das Profil bleibt, wie es ist. Um wieder zu folgen, brauchst du diese Adresse:
follow-ask-keep = Weiter folgen
follow-ask-do = Nicht mehr folgen

done-looked-for-news = { $count ->
    [0] Nichts Neues: Von allem, dem du folgst, hast du die neueste Version
    [one] { $count } Profil, dem du folgst, hat Neues
   *[other] { $count } Profile, denen du folgst, haben Neues
}
done-unfollowed = { $profile } folgt „{ $name }“ nicht mehr
