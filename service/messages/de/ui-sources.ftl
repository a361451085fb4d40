# Quellen.

sources-waiting = Die Quellen werden gelesen…
sources-empty = Es gibt noch keine Quellen. Füge eine über Adresse oder Ordner hinzu.
sources-about = Haben zwei Quellen dasselbe neue Paket, gilt die höhere. Was installiert ist, bleibt bei der Quelle, aus der es kam.
source-add = Quelle hinzufügen…
source-add-title = Eine Quelle hinzufügen
source-add-about = Füge die Adresse eines Verzeichnisses ein oder den Ordner, in dem eines liegt. Nichts wird verwendet, bevor du seinen Schlüssel gesehen hast.
source-address = Adresse oder Ordner
source-alias = Kurzer Name
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
source-packages = { $count ->
    [one] { $shown } Paket
   *[other] { $shown } Pakete
}
source-never = Noch nicht gelesen
source-new = Noch nicht gelesen
source-fresh = Aufgefrischt { $ago }
source-stale = Alt: von { $ago }. Gilt, bis Neueres ankommt.
source-failed = Nicht lesbar; zuletzt { $ago }
source-off = Abgeschaltet
source-sync = { $source } auffrischen
source-remove = { $source } entfernen
source-kind-registry = Verzeichnis
source-kind-folder = Ordner
source-kind-ckan = CKAN
source-kind-contentdb = ContentDB
source-kind-thunderstore = Thunderstore
