# Funktionen von Paketen, und was gut dazu passt.
features-of = Funktionen von { $title }
features-title = Funktionen
features-about = Kreuze an, was du möchtest. Was eine Funktion braucht, kommt und geht mit ihr; Updates behalten deine Wahl.
features-about-new = Was eine Funktion braucht, kommt mit ihr. Du wählst, bevor du das Paket installierst.
feature-brings = bringt { $names }
feature-new = neu
features-look = Ansehen, was sich ändert
features-back = Wie es war
features-ask = Funktionen von { $title } wählen?
features-waiting = Sehe nach, was das ändert …
features-nothing = Nichts ändert sich: Was diese Funktionen brauchen, ist für etwas anderes da oder bleibt weg.
features-changes = { $count ->
    [one] { $count } Paket ändert sich
   *[other] { $count } Pakete ändern sich
}
features-download = { $size } herunterzuladen
features-keep = Lassen, wie es ist
features-do = So wählen
features-do-sized = So wählen · { $size }
features-done = Funktionen von { $title } gewählt
offers-title = Passt gut dazu
offer-recommended = empfohlen von { $names }
offer-suggested = vorgeschlagen von { $names }
offer-taken = kommt mit
