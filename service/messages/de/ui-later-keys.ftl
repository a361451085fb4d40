# Die Schlüssel eines Herausgebers, einer nach dem anderen.

key-how-pinned = seit { $since }: der erste, der hier angenommen wurde
key-how-handed-over = seit { $since }: übergeben, vom Schlüssel davor unterschrieben
key-how-decided = seit { $since }: von dir angenommen, ohne den Schlüssel davor
key-how-changed = seit { $since }: wie er kam, wurde damals nicht aufgeschrieben
key-how-shown = von der Quelle am { $since } gezeigt, nicht angenommen
key-replaced = bis { $until }, ersetzt durch { $by }
key-withdrawn = vom Inhaber zurückgezogen, hier bekannt seit { $when }
key-more = { $count ->
    [one] und { $count } davor
   *[other] und { $count } davor
}
