# Die Seite eines Herausgebers, und die Meldung über ein Paket.

place-publisher = Herausgeber
publisher-in = in { $source }
publisher-since = Hier bekannt
publisher-not-yet = noch nicht: Der Schlüssel wird mit der ersten Installation gemerkt
publisher-history = Verlauf
publisher-rotated = Der Schlüssel hat einmal gewechselt, und der alte hat zugestimmt.
publisher-revoked = Sein Besitzer hat diesen Schlüssel zurückgezogen. Nichts Neues wird von ihm genommen.
publisher-no-key = In { $source } unterschreiben Herausgeber nicht selbst, also gibt es keinen Schlüssel, an dem man sie kennt.
publisher-tips-about = Diese Seiten öffnen sich außerhalb. Muster nimmt kein Geld und keinen Anteil.
publisher-packages = Pakete von { $publisher }
publisher-waiting = Es wird gelesen, was es von diesem Herausgeber gibt…
publisher-nothing = In { $source } gibt es nichts von { $publisher } für dieses Spiel.
publisher-count = { $count ->
    [one] { $count } Paket in { $source }
   *[other] { $count } Pakete in { $source }
}
report-title = „{ $title }“ melden
report-about = Das sind die Fakten, die jemand braucht, der dem nachgeht. Schreib dazu, was nicht stimmt. Von hier wird nichts gesendet: Du kopierst es und sendest es selbst.
report-facts = Fakten für die Meldung
report-where = Die Quelle nennt keine Adresse für Meldungen. Diese Seiten gehören zum Paket und zu seiner Quelle:
report-nowhere = Weder das Paket noch seine Quelle nennt eine Webseite. Sende es an den, von dem du diese Quelle hast.
report-page = { $host } öffnen
report-copy = Fakten kopieren
report-copied = Kopiert
report-forms = Hier wird eine Meldung angenommen. Die Fakten sind ausgefüllt, so weit sie passen; du liest sie dort, bevor du sie sendest:
report-form = Bei { $host } schreiben
report-also = Diese Seiten gehören zum Paket und zu seiner Quelle:
report-only = Weder das Paket noch seine Quelle nennt eine andere Webseite.
