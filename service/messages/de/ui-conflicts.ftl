# Dateien, die mehrere Pakete haben.

conflicts-list = Dateien, die mehrere Mods haben
conflicts-none = Keine zwei Mods dieses Profils haben dieselbe Datei.
conflicts-column-winner = Im Spiel
conflicts-column-losers = Überdeckt
conflicts-row = { $path }: { $reasons }
conflicts-wins = { $winner } gewinnt gegen { $loser }.
conflicts-same = { $sentence } Die Dateien sind gleich.
conflicts-foot = { $count ->
    [one] { $count } Datei, die mehrere Mods haben
   *[other] { $count } Dateien, die mehrere Mods haben
}
conflicts-choose = Ein anderer Gewinner
conflicts-let-win = { $title } gewinnen lassen…
conflicts-if = Wenn { $title } gewinnt
conflicts-if-about = { $title } kommt in der Ladereihenfolge direkt hinter { $winner }. Nur die Reihenfolge entscheidet, wessen Dateien im Spiel sind, also auch über alle anderen, die beide haben.
conflicts-cannot = { $title } kann hier nicht gewinnen: Was die Autoren möchten, gilt mehr als deine Reihenfolge.
conflicts-hands = { $count ->
    [0] Keine Datei wechselt.
    [one] { $count } Datei wechselt
   *[other] { $count } Dateien wechseln
}
conflicts-hand = { $from } → { $to }
conflicts-hand-same = { $from } → { $to }, beide gleich
conflicts-planning = Es wird berechnet, was sich ändern würde…
conflicts-do = { $count ->
    [0] { $title } gewinnen lassen
    [one] { $title } gewinnen lassen · { $count } Datei
   *[other] { $title } gewinnen lassen · { $count } Dateien
}
conflicts-leave = So lassen
done-winner = { $title } gewinnt jetzt gegen { $winner }
