# Mods übernehmen, die schon da sind.

place-adopt = Mods übernehmen
adopt-open = Mods übernehmen …
adopt-title = Mods für { $game } übernehmen
adopt-about = Mods, die du oder ein anderes Programm dort abgelegt hast, werden Pakete eines Profils: geprüft, aufgelistet, rückgängig zu machen wie alles andere. Du siehst, was jede ist, bevor etwas geschieht.
adopt-no-profile = Noch wurde kein Spiel gefunden. Wähle zuerst ein Spiel.
adopt-where = Wo sind sie?
adopt-places = In den Ordnern von { $game }
adopt-places-about = Sie bleiben, wo sie sind, und gehören danach zu { $profile }.
adopt-managed = { $manager }: { $name }
adopt-managed-about = { $count ->
    [one] { $count } Mod. Jener Ordner bleibt, wie er ist; das Spiel bekommt eigene Dateien.
   *[other] { $count } Mods. Jener Ordner bleibt, wie er ist; das Spiel bekommt eigene Dateien.
}
manager-r2modman = r2modman
manager-thunderstore-mod-manager = Thunderstore Mod Manager
manager-gale = Gale
adopt-folder = Ein anderer Ordner
adopt-folder-about = Eine Mod, ein Ordner voller Mods, oder ein Profil von r2modman oder Gale, das woanders liegt.
adopt-choose = Ordner wählen …
adopt-none-found = Für { $game } wurden keine Profile von r2modman oder Gale gefunden.
adopt-elsewhere = Von anderen Spielen gibt es:
adopt-elsewhere-game = { $title } ({ $count })
adopt-preview = Was geschehen würde
adopt-looking = Dateien werden angesehen …
adopt-sum = { $adopted ->
    [0] Hier kann nichts übernommen werden
    [one] { $adopted } Mod kann übernommen werden
   *[other] { $adopted } Mods können übernommen werden
}, { $yours ->
    [0] sonst liegt dort nichts.
    [one] { $yours } Eintrag bleibt deiner.
   *[other] { $yours } Einträge bleiben deine.
}
adopt-managed-already = { $count ->
    [one] { $count } gehört schon zum Profil.
   *[other] { $count } gehören schon zum Profil.
}
adopt-in-place = Nichts wird verschoben, geändert oder geladen. Jede Datei bleibt, wo sie ist, mit ihrer Zeit.
adopt-copied = Der Ordner des anderen Programms bleibt genau, wie er ist. Die Dateien kommen in { $game }; nichts wird geladen. Einstellungen der Mods kommen mit.
adopt-do = { $count ->
    [one] { $count } Mod übernehmen
   *[other] { $count } Mods übernehmen
}
adopt-undo = Ein Schritt im Verlauf; Strg+Z nimmt ihn zurück.
adopt-list = Mods, die übernommen würden
adopt-known-archive = Ihr Archiv, Byte für Byte
adopt-known-listed = Aus der Liste des anderen Programms; auch eine Quelle hat sie
adopt-known-manifest = An dem, was sie über sich selbst sagt
adopt-known-about = Ein Name beweist nichts: Was nur aus einer Liste bekannt ist, bekommt von selbst keine Updates, bis es von seiner Quelle installiert wird.
adopt-files = { $files } Dateien, { $size }
adopt-yours = Bleibt deins
adopt-yours-about = Muster verschiebt und löscht diese nie.
adopt-why-unknown = Nichts sagt, was es ist
adopt-why-off = Im anderen Programm ausgeschaltet
adopt-why-odd = Verknüpfungen oder besondere Dateien darunter
done-adopting = { $count ->
    [one] { $count } Mod wird übernommen
   *[other] { $count } Mods werden übernommen
}
done-adopted = { $count ->
    [one] { $count } Mod übernommen
   *[other] { $count } Mods übernommen
}
