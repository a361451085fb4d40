# Das Terminal: Spielstände eines Spiels und ihre Sicherungen.
cli-saves-unknown = Muster weiß nicht, wo dieses Spiel seine Spielstände ablegt.
cli-saves-taken = Sicherung { $number } enthält deine Spielstände, wie sie sind.
cli-saves-restored = Deine Spielstände sind zurück. Die, die da waren, sind in Sicherung { $number }.
cli-saves-restored-anew = Deine Spielstände sind zurück.
cli-saves-freed = Die Sicherung ist weg.
cli-saves-before = davor: { $cause }
cli-saves-left-out = { $count ->
    [one] { $count } Datei wegen ihres Namens ausgelassen
   *[other] { $count } Dateien wegen ihrer Namen ausgelassen
}
cli-saves-off = Von selbst wird nichts gesichert. Einschalten mit: muster saves when before-large
cli-saves-on = Vor Änderungen, die alte Spielstände vielleicht nicht überstehen, wird gesichert.
cli-saves-limits = { $count ->
    [one] { $count } Sicherung belegt { $used } von { $quota }; höchstens { $keep } bleiben.
   *[other] { $count } Sicherungen belegen { $used } von { $quota }; höchstens { $keep } bleiben.
}
