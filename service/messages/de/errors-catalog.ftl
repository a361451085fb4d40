error-catalog-timeout = { $host } hat nicht rechtzeitig geantwortet.
error-catalog-timeout-hint = Was schon bekannt war, lässt sich weiter durchsuchen und benutzen. Muster versucht es von selbst wieder.
error-catalog-too-long = { $file } ist länger als erlaubt ({ SIZE($limit) }).
error-catalog-too-long-hint = Es wurde nicht weiter gelesen und nichts geändert. Sag denen Bescheid, die die Quelle betreiben.
error-catalog-redirect-refused = { $host } führt zu einer Adresse, der Muster nicht folgt.
error-catalog-redirect-refused-hint = Von dort wurde nichts geholt. Sag denen Bescheid, die die Quelle betreiben, oder prüfe dein Netz.
error-catalog-refused-address = { $file } ist kein Name einer Datei in einer Registry.
error-catalog-refused-address-hint = Nichts wurde geholt. Sag denen Bescheid, die die Quelle betreiben.
error-catalog-offline = { $obstacle ->
    [name] { $host } ist nicht zu finden. Ist dieser Rechner mit dem Internet verbunden?
    [network] Aus diesem Netz führt kein Weg zu { $host }.
    [refused] { $host } lässt niemanden hinein: Sein Server läuft nicht.
   *[other] { $host } ist nicht erreichbar: { $why }
}
error-catalog-offline-hint = Was schon bekannt war, lässt sich weiter durchsuchen und benutzen. Prüfe deine Verbindung; Muster versucht es von selbst wieder.
error-catalog-busy = { $host } bittet darum, eine Weile in Ruhe gelassen zu werden.
error-catalog-busy-hint = Was vorher bekannt war, ist noch da. Muster fragt nach { $seconds } Sekunden wieder; es ist nichts zu tun.
error-catalog-server-error = { $host } hat eine Störung (Status { $status }).
error-catalog-server-error-hint = Was schon bekannt war, lässt sich weiter durchsuchen und benutzen. Muster versucht es von selbst wieder.
error-catalog-file = { $file } lässt sich nicht lesen: { $why }
error-catalog-file-hint = Was schon bekannt war, lässt sich weiter durchsuchen und benutzen. Prüfe, ob der Ordner der Quelle da und lesbar ist.
error-catalog-no-repository = Unter { $address } ist kein git-Repository, das alle lesen dürfen.
error-catalog-no-repository-hint = Nichts wurde geändert, und was schon bekannt war, lässt sich weiter benutzen. Prüfe die Adresse; Muster meldet sich nirgends an und kann daher keine privaten Repositorys lesen.
error-catalog-no-branch = { $address } hat keinen Zweig { $branch }.
error-catalog-no-branch-hint = Nichts wurde geändert, und was schon bekannt war, lässt sich weiter benutzen. Nenne einen Zweig, den es gibt, wie in git+https://host/repository.git#main.
error-catalog-repository = Das git-Repository { $address } lässt sich nicht lesen: { $why }
error-catalog-repository-hint = Was schon bekannt war, lässt sich weiter durchsuchen und benutzen. Beim nächsten Abgleich wird alles neu geholt; bleibt es so, sag denen Bescheid, die die Quelle betreiben.
error-catalog-not-a-file = { $file } ist im git-Repository keine Datei, sondern ein Verweis, ein Ordner oder ein anderes Repository.
error-catalog-not-a-file-hint = Dem wurde nicht gefolgt, und nichts wurde geändert. Sag denen Bescheid, die die Quelle betreiben.
error-catalog-resting = Diese Quelle ist mehrmals ausgefallen und bekommt Ruhe bis { $until }.
error-catalog-resting-hint = Was schon bekannt war, lässt sich weiter durchsuchen und benutzen. Gleiche sie von Hand ab, um es sofort zu versuchen.
error-catalog-shards = { $shards ->
    [one] { $shards } Teil des Katalogs dieser Quelle ist nicht lesbar.
   *[other] { $shards } Teile des Katalogs dieser Quelle sind nicht lesbar.
}
error-catalog-shards-hint = Die anderen Pakete sind auf dem neuesten Stand; die der unlesbaren Teile werden gezeigt, wie sie vorher waren.
error-catalog-unknown-source = Du hast keine Quelle { $source }.
error-catalog-unknown-source-hint = Nichts wurde geändert. Füge die Quelle hinzu, wenn du ihr vertraust.
error-catalog-unknown-package = Diese Quelle hat kein Paket { $package }.
error-catalog-unknown-package-hint = Nichts wurde geändert. Prüfe die Schreibweise, oder gleiche die Quelle ab.
error-catalog-hint-differs = Was der Herausgeber von { $package } { $version } signiert hat, ist nicht das, was der Katalog gezeigt hat ({ $fields }).
error-catalog-hint-differs-hint = Nichts wurde installiert. Gleiche die Quelle ab und sieh noch einmal nach; bleibt es so, sag denen Bescheid, die die Quelle betreiben.
error-catalog-result-gone = Diese Suchergebnisse haben sich inzwischen geändert.
error-catalog-result-gone-hint = Nichts ist verloren. Suche noch einmal.
error-catalog-address = Das ist keine Adresse einer Quelle: { $address }
error-catalog-address-hint = Nichts wurde hinzugefügt. Nimm eine https-Adresse ohne Namen und Passwort, einen Ordner, oder ein Repository wie in git+https://host/repository.git#zweig:ordner.
error-catalog-index = Die Liste von { $source } lässt sich nicht lesen: { $why }.
error-catalog-index-hint = Was vorher bekannt war, ist noch da. Frische später auf; wenn es so bleibt, prüfe die Adresse.
