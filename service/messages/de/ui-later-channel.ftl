# Wie reif Versionen sein müssen, für ein Profil oder ein einzelnes Paket.

channel-profile = Versionen in diesem Profil
channel-profile-about = Für Pakete ohne eigene Wahl. Wer Betas verlässt, behält, was da ist, bis eine fertige Version neuer ist.
channel-package = Versionen dieses Pakets
channel-package-about = Was es braucht, richtet sich nach dem Profil.
channel-takes-stable = nur fertige
channel-takes-beta = auch Betas
channel-takes-dev = auch Entwicklungsversionen
channel-like-profile = wie das Profil: { $channel }
channel-title-stable = { $title }: nur fertige Versionen?
channel-title-beta = { $title }: auch Betas?
channel-title-dev = { $title }: auch Entwicklungsversionen?
channel-title-profile = { $title }: wie das Profil?
channel-about = Die Wahl ist ein Schritt im Verlauf des Profils und lässt sich zurücknehmen wie jeder andere. Nichts geht dadurch auf eine ältere Version zurück.
channel-waiting = Sehe nach, was sich ändern würde …
channel-nothing = Im Moment ist darin nichts neuer. Die Wahl gilt für das, was kommt.
channel-brings = { $count ->
    [one] { $count } Paket ändert sich
   *[other] { $count } Pakete ändern sich
}
channel-download = { $size } zu laden
channel-moves = Auf das aktualisieren, was darin neuer ist
channel-keep = So lassen
channel-do = So wählen
channel-do-update = Wählen und aktualisieren · { $size }
channel-done = Versionen von { $title } gewählt
