# Das Terminal. Mengen wie $download und $here kommen mit ihrer Einheit.
cli-change-amount = { $download } herunterzuladen, { $here } schon hier.
cli-change-ask = Fortfahren? [j/N]
# Buchstaben, die Ja bedeuten, klein geschrieben.
cli-change-ask-yes = jy
cli-change-done = Fertig.
cli-change-left-out = In { $profile } ändert sich kein Paket. Ab jetzt aus der Sammlung weggelassen: { $packages }.
cli-change-remembered = In { $profile } ändert sich kein Paket; neu ist nur deine Wahl.
cli-change-nothing = In { $profile } ist nichts zu ändern.
cli-offers-any-of = eines von { $packages }
cli-offers-do-not-fit = Nicht mitgenommen, weil es nicht zum Rest passt: { $packages }.
cli-offers-recommended = Passt gut dazu (kommt mit --recommended mit): { $packages }.
cli-offers-suggested = Vielleicht von Interesse: { $packages }.
cli-plan-add = neu
cli-plan-change = ändern
cli-plan-remove = entfernen
cli-plan-enable = einschalten
cli-plan-disable = ausschalten
cli-plan-feature-of = { $package } (für „{ $feature }“)
cli-plan-features = Funktionen von { $package }: { $features }. --feature und --without-feature wählen andere.
cli-plan-needed-by = nötig für { $packages }
cli-undo-done = { $profile }: { $cause }

cli-list-empty = In { $profile } ist nichts installiert.
cli-why-side = nur für { $side }
cli-why-wished = Das wolltest du haben.
# Steht hinter „herausgeber/stadt → herausgeber/stimmen“.
cli-why-feature = { $count ->
    [one] weil die Funktion „{ $features }“ von { $package } eingeschaltet ist
   *[other] weil die Funktionen „{ $features }“ von { $package } eingeschaltet sind
}
cli-why-nothing = Nichts braucht es mehr.
cli-outdated-nothing = In { $profile } ist alles aktuell.
cli-package-on = installiert
cli-package-off = ausgeschaltet
cli-package-update = Aktualisierung
cli-package-busy = in Arbeit
cli-package-incompatible = passt nicht
cli-package-managed = von Steam verwaltet

cli-search-count = { $total } von { $all } Paketen
cli-search-did-you-mean = Meintest du { $word }?
cli-show-id = Paket
cli-show-publisher = Herausgeber
cli-show-kind = Art
cli-show-license = Lizenz
cli-show-size = Größe
cli-show-key = Schlüssel
cli-show-side = Nur für
cli-show-platforms = Läuft auf
cli-feature-brings = bringt { $packages }
cli-feature-off = aus
cli-feature-on = ein
cli-features-none = { $package } hat keine Funktionen zur Wahl.
cli-show-for-features = { $packages } (für { $features })
cli-show-depends = Braucht
cli-show-recommends = Passt gut zu
cli-show-suggests = Siehe auch
cli-show-conflicts = Nicht zusammen mit

cli-status-service = Dienst
cli-status-version = Version
cli-status-packages = Bekannte Pakete
cli-status-jobs = Änderungen / Downloads
cli-status-speed = Tempo
cli-status-cache = Zwischenspeicher
cli-state-idle = untätig
cli-state-working = arbeitet
cli-state-sharing = teilt
cli-state-paused = angehalten
cli-state-attention = braucht dich
cli-games-not-found = auf diesem Rechner nicht gefunden
cli-game-added = { $game } ist jetzt bekannt.
cli-game-removed = Deine Definition von { $game } ist vergessen.
cli-game-definition = Definition
cli-game-origin-shipped = mit Muster gekommen
cli-game-origin-package = aus einem Paket
cli-game-origin-user = deine eigene
cli-game-load-order = Ladereihenfolge
cli-game-load-order-game = entscheidet das Spiel
cli-game-load-order-files = das spätere Paket gewinnt
cli-game-load-order-lists = nennt Muster dem Spiel
cli-game-launches = Arten zu starten
cli-game-loaders = Mod-Lader
cli-game-stores = Läden
cli-game-places = Orte

cli-link-package = Der Link möchte { $title } { $version } von { $publisher }, aus { $source }.
cli-link-present = { $title } ist schon hier.
cli-link-source = Der Link bietet die Quelle { $address } an. Ihr Fingerabdruck in Worten: { $words }
cli-source-offer = Fingerabdruck in Worten: { $words }
    Fingerabdruck: { $root }
    Vergleiche ihn mit dem, was die Betreiber dieser Quelle veröffentlicht haben.
cli-source-unsigned = { $address } ist von niemandem unterschrieben: Was dort angeboten wird, ist so gut wie das Wort der Quelle und der Weg zu ihr.
cli-source-workshop = { $address }: Was Steam gebracht hat, wird gezeigt und nie angerührt.
cli-source-ask = Tippe „trust“, wenn er gleich ist:
cli-source-new = noch nicht gelesen
cli-source-fresh = aktuell
cli-source-stale = veraltet
cli-source-failed = fehlgeschlagen
cli-source-off = ausgeschaltet
cli-source-key-ask = Schlüssel für { $service } (beim Tippen nicht zu sehen):
cli-source-key-none = Es gibt keinen Schlüssel für { $service }. Dort wird ohne gefragt.
cli-source-key-keyring = Es gibt einen Schlüssel für { $service }, im Schlüsselbund dieses Rechners.
cli-source-key-variable = Der Schlüssel für { $service } steht in der Umgebungsvariablen { $named }.
cli-source-key-file = Der Schlüssel für { $service } steht in der Datei { $named }.
cli-preset-known = eine deiner Quellen
cli-preset-offered = passt zu deinen Spielen
cli-preset-declined = abgelehnt
cli-preset-no-game = Spiel hier nicht gefunden
cli-preset-here = dieser Rechner
cli-preset-add = Noch wurde niemand gefragt. Füge eine hinzu: muster source add --preset ID
cli-preset-hint = Für dieses Spiel gibt es passende Quellen: muster source presets { $game }

cli-lane-now = jetzt
cli-lane-next = als Nächstes
cli-lane-idle = in Ruhe
cli-seed-offered = wird geteilt

cli-limits-pause = Angehalten
cli-limits-until = bis { $time }
cli-limits-until-resumed = bis du fortsetzt (muster limits resume)
cli-limits-until-game-ends = bis das Spiel endet
cli-limits-until-game-starts = bis das Spiel endet oder, wenn keins startet, bis { $time }
cli-limits-sharing = Geteilt wird
cli-limits-everybody = mit allen
cli-limits-nearby = mit denen in der Nähe
cli-limits-nobody = mit niemandem
cli-limits-background = Downloads im Hintergrund
cli-limits-may = dürfen laufen
cli-limits-waits = warten
cli-limits-set = Geltende Grenzen
cli-limits-usual = die üblichen
cli-limits-turtle = die zweiten
cli-limits-turtle-playing = die zweiten: es wird gespielt
cli-limits-turtle-hours = die zweiten: zu ihren Zeiten
cli-limits-down = Herunterladen
cli-limits-up = Hochladen
cli-limits-no-limit = keine Grenze
cli-limits-nothing = nichts
cli-limits-uplink = Leitung aufwärts
cli-limits-month = In diesem Monat hochgeladen
cli-limits-shares = Anteile
cli-limits-shares-text = neben einer Lobby { $user } %, Hintergrund { $background } %
cli-limits-connections = Verbindungen
cli-limits-lan = Lokales Netz
cli-limits-lan-exempt = nicht begrenzt
cli-limits-lan-limited = ebenso begrenzt
cli-limits-battery = Im Akkubetrieb
cli-limits-metered = Getaktete Verbindung
cli-limits-vpn = Durch ein VPN
cli-limits-playing = Ein Spiel läuft
cli-limits-full-screen = Vollbild
cli-limits-away = Niemand da
cli-limits-free = Frei auf dem Datenträger
cli-limits-yes = ja
cli-limits-no = nein
cli-limits-unknown = nicht bekannt
cli-limits-next = Nächste Änderung

cli-verify-changed = geändert
cli-verify-missing = fehlt
cli-verify-damaged = Das Archiv { $archive } war beschädigt und wird neu geholt, wenn es gebraucht wird.
cli-verify-intact = { $count ->
    [one] { $count } Datei ist, wie sie sein soll.
   *[other] { $count } Dateien sind, wie sie sein sollen.
}
cli-proof-good = { $loaded ->
    [one] Das Spiel hat { $loaded } Mod geladen: { $names }
   *[other] Das Spiel hat { $loaded } Mods geladen: { $names }
}
cli-proof-bad = Das Spiel hat nicht geladen: { $missing }

# Pakete, Schlüssel und Registries. $words sind vier erfundene Wörter, die für einen Fingerabdruck stehen.
cli-inspect-files = Dateien
cli-inspect-count = { $count } ({ $size } entpackt)
cli-key-public = Öffentlicher Schlüssel
cli-key-fingerprint = Fingerabdruck
cli-key-words = In Worten
cli-key-test = Das ist ein Testschlüssel: Wer die Datei hat, kann damit signieren. Lass ihn nie in eine echte Registry.
cli-key-ask = Passphrase von { $file }:
cli-key-ask-new = Neue Passphrase:
cli-key-ask-again = Noch einmal:
cli-registry-root = Fingerabdruck
cli-registry-admitted = { $publisher } darf jetzt veröffentlichen. Der Schlüssel in Worten: { $words }
cli-registry-published = Signiert. Andere sehen es nach der nächsten Auffrischung (refresh).
cli-registry-refreshed = Signiert. Die nächste Auffrischung (refresh) ist vor dem { $until } nötig.
cli-registry-verified = Alles ist so, wie es signiert wurde.
cli-problem-refused = { $role }: { $why }
cli-problem-outside = { $file } liegt außerhalb des Ordners des Herausgebers und wird nicht beachtet.
cli-problem-missing = { $file } fehlt.
cli-problem-wrong = { $file } ist nicht die Datei, die signiert wurde.
cli-problem-shared-key = { $first } und { $second } signieren mit demselben Schlüssel { $key }.
cli-problem-lookalike = { $publisher } ist leicht mit { $like } zu verwechseln.
cli-problem-expires-soon = Die Registry muss vor { $expires } neu signiert werden.

# Hinweise für das Terminal, wo der allgemeine von einem Knopf spricht.
cli-hint-service-unreachable = Nichts wurde geändert; deine Mods bleiben, wie sie sind. Starte ihn mit muster start.

cli-order-chosen = von dir gewählt
cli-order-cycle = Diese Wünsche widersprechen einander; der erste davon gab nach:
cli-conflict-same = gleicher Inhalt
cli-conflict-count = { $count ->
    [one] Eine Datei steckt in mehreren Paketen.
   *[other] { $count } Dateien stecken in mehreren Paketen.
}
cli-audit-by = sagt { $source }, { $id }
cli-audit-fixed = Version { $version } hat den Fehler nicht
cli-audit-count = { $findings ->
    [0] Vor keinem von { $packages } Paketen wird gewarnt; Quellen zuletzt gefragt: { $checked }.
   *[other] Vor { $findings } von { $packages } Paketen wird gewarnt; Quellen zuletzt gefragt: { $checked }.
}
cli-audit-way-out = Aktualisiere sie, oder schalte sie mit muster quarantine aus. Nichts wird gelöscht, und muster undo bringt sie zurück.
cli-audit-nothing = Vor nichts, das in { $profile } eingeschaltet ist, wird gewarnt.
cli-held = { $reason ->
    [none] festgehalten
   *[other] festgehalten: { $reason }
}
cli-channel-update = Nichts wurde geändert. muster update holt, was darin neuer ist.
