error-resolver-impossible = { $packages } lässt sich nicht zusammen mit dem installieren, was du hast.
error-resolver-impossible-hint = Nichts wurde geändert. Nimm einen der Auswege oder lass etwas weg.
error-resolver-too-large = Es gibt zu viele mögliche Zusammenstellungen, um alle zu versuchen.
error-resolver-too-large-hint = Nichts wurde geändert. Installiere in kleineren Schritten oder verlange genaue Versionen.
