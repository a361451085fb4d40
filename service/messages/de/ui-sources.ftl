# Quellen.

sources-waiting = Die Quellen werden gelesen…
sources-empty = Es gibt noch keine Quellen. Füge eine über Adresse oder Ordner hinzu.
sources-about = Haben zwei Quellen dasselbe neue Paket, gilt die höhere. Was installiert ist, bleibt bei der Quelle, aus der es kam.
source-add = Quelle hinzufügen…
source-add-title = Eine Quelle hinzufügen
source-add-about = Füge die Adresse eines Verzeichnisses ein oder den Ordner, in dem eines liegt. Nichts wird verwendet, bevor du seinen Schlüssel gesehen hast.
source-address = Adresse oder Ordner
source-alias = Kurzer Name, wenn du einen anderen willst
source-looking = Das Repository wird gelesen. Das kann einige Minuten dauern.
source-step-asking = Das Repository wird gefragt, was es gibt
source-step-receiving = { $objects } von { $total } Objekten empfangen · { $size }
source-step-joining = { $objects } von { $total } Objekten zusammengesetzt · { $size }
source-look-stop = Nicht weiterlesen
source-look = Ansehen
source-trust = Vertrauen und hinzufügen
source-trust-title = Dieser Quelle vertrauen?
source-trust-about = Vergleiche diese Wörter mit denen, die der Betreiber der Quelle zeigt. Sie stehen für ihren Schlüssel.
source-fingerprint = Fingerabdruck
source-unsigned-title = Diese Quelle hinzufügen?
source-unsigned-about = Niemand unterschreibt, was dort liegt: Es ist so gut wie das Wort des Dienstes und der Weg zu ihm. Was du installierst, wird an seinen Bytes wiedererkannt.
source-service = Dienst
source-unsigned-add = Hinzufügen
source-known = Diese Quelle hast du schon.
source-test-keys = Mit Testschlüsseln signiert, die jeder hat: nur zum Ausprobieren.
source-checked-by = Geprüft mit
source-own-hashes = Geprüft mit ihren eigenen Hashes
source-rank = Rang
source-never = Noch nicht gelesen
source-new = Noch nicht gelesen
source-fresh = Aufgefrischt { $ago }
source-stale = Alt: { $ago }
source-failed = Nicht lesbar; zuletzt { $ago }
source-off = Abgeschaltet
sources-list = Quellen in deiner Reihenfolge
source-row = { $place }, { $source }, { $kind }, { $fresh }, { $count ->
    [one] { $count } Paket
   *[other] { $count } Pakete
} { $problem }
source-toggle = { $source } ist an
source-place = { $source } ist jetzt auf Platz { $place } von { $count }
source-column-packages = Pakete
source-column-fresh = Aufgefrischt
source-last = Zuletzt aufgefrischt
source-unread = Noch nicht lesbar
source-sync-all = Alle auffrischen
source-sync-now = Jetzt auffrischen
source-rank-of = { $place } von { $count }
source-up = Nach oben
source-down = Nach unten
source-keys = Ziehen oder Alt und Pfeile verschieben · Leertaste schaltet ein oder aus · R frischt auf
source-old-about = Es gilt mit Datum, was sie zuletzt gesagt hat; alles, was hier liegt, lässt sich installieren.
source-failed-about = Nichts von ihr lässt sich zeigen. Andere Quellen sind nicht betroffen.
source-off-about = Sie wird weder gefragt noch gezeigt. Was sie gesagt hat, bleibt, und was du aus ihr installiert hast, auch.
source-resting = Sie hat mehrmals nacheinander versagt und wird bis { $until } in Ruhe gelassen.
source-key-about = Alles aus dieser Quelle muss auf diesen Schlüssel zurückführen. Ein anderer gilt nie ohne seine Zustimmung.
source-own-hashes-short = eigene Hashes
source-test-keys-short = nur Testschlüssel
source-remove-about = Entfernen vergisst, was sie gesagt hat. Installierte Mods bleiben, und Rückgängig holt die Quelle zurück.
offline-mode = Offline
offline-about = Niemand wird gefragt, und nichts wird weitergegeben. Alles Aufgefrischte wird gefunden, und alles, was hier liegt, lässt sich installieren.

done-source-moved = { $source } ist jetzt auf Platz { $place }
done-source-on = { $source } ist eingeschaltet
done-source-off = { $source } ist abgeschaltet
done-offline = Offline: niemand wird mehr gefragt
done-online = Wieder online

source-kind-registry = Verzeichnis
source-kind-folder = Ordner
source-kind-ckan = CKAN
source-kind-contentdb = ContentDB
source-kind-github = GitHub
source-kind-modrinth = Modrinth
source-kind-thunderstore = Thunderstore
source-kind-workshop = Steam Workshop (auf diesem Rechner)
