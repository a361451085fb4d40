# Wofür ein Profil ist, im Fenster.
role-title = Wofür es ist
role-side-client = Spielen
role-side-client-about = Mods, die nur Server brauchen, bleiben draußen.
role-side-server = Hosten
role-side-server-about = Mods, die nur Spieler brauchen, bleiben draußen.
role-side-both = Beides
role-side-both-about = Du spielst und hostest aus denselben Ordnern.
role-platform = Das Spiel läuft auf
role-platform-automatic = { $platform } (erkannt)
role-platform-find = Was sich herausfinden lässt
done-role = Das Profil ist jetzt zum { $side ->
    [client] Spielen
    [server] Hosten
   *[both] Spielen und Hosten
}
done-platform = Worauf das Spiel läuft, ist geändert
