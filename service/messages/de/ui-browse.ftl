# Stöbern.

browse-title = Mods für { $game }
browse-count = { $total } von { $all }
browse-sort = Reihenfolge
browse-list = Pakete
browse-spoken = { $count ->
    [0] Nichts gefunden
    [one] { $count } Treffer
   *[other] { $count } Treffer
}
browse-row = { $title } von { $publisher }, { $state }, { $size }
browse-waiting = Der Katalog deiner Quellen wird gelesen…
browse-stopped = Der Muster-Dienst läuft nicht, darum gibt es noch nichts zu zeigen. Starte ihn in der Leiste unten.
browse-no-sources = Es gibt noch keine Quellen, also auch nichts zu stöbern.
browse-empty = Deine Quellen haben noch keine Mods für { $game }.
browse-to-sources = Zu den Quellen
browse-elsewhere = { $count ->
    [one] { $game } zeigen: { $count } Paket
   *[other] { $game } zeigen: { $count } Pakete
}
browse-nothing = Nichts passt zu „{ $words }“.
browse-clear = Alles leeren
browse-did-you-mean = Meintest du „{ $word }“?
install-tip = { $title } installieren, mit allem Nötigen · I
sort-relevance = Passt am besten
sort-downloads = Am meisten geladen
sort-trending = Gefragt
sort-newest = Neu erschienen
sort-updated = Zuletzt geändert
sort-name = Name
filters = Filter
facet-kind = Art
facet-tag = Schlagwort
facet-license = Lizenz
facet-platform = Plattform
facet-platform-linux = Linux
facet-platform-windows = Windows
facet-platform-macos = macOS
facet-side = Für
facet-side-client = Nur Spieler
facet-side-server = Nur Server
facet-side-both = Spieler und Server
facet-trust = Herausgeber
facet-source = Quelle
facet-is = Installiert
facet-not = nicht
facet-remove = Diesen Filter entfernen
facet-remove-named = Filter { $value } entfernen
facet-value = { $value }, { $count }, { $state }
facet-state-off = aus
facet-state-include = nur diese
facet-state-exclude = ohne diese
facet-next-off = Nur diese zeigen
facet-next-include = Diese weglassen
facet-next-exclude = Diesen Filter entfernen
facet-trust-unverified = Ungeprüft
facet-trust-verified = Geprüft
facet-trust-trusted = Vertraut
facet-trust-featured = Empfohlen
facet-is-featured = Ausgesucht
facet-is-installed = Installiert
facet-is-updatable = Aktualisierung verfügbar
suggested-row = Ausgesucht von { $source }: { $text }
suggested-trend = +{ $gain } Abrufe bei { $source } seit { $since } · { $text }
