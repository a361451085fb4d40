# Lobbys: Mods für ein Spiel, danach wieder die eigenen. $name ist der Name der Lobby, $own das eigene Profil.
cli-lobby-none = Hier ist keine Lobby offen, und du bist keiner beigetreten.
cli-lobby-open = { $name } ist offen bis { $time }, mit { $count } { $count ->
    [one] Paket
   *[other] Paketen
 }. Dieser Link lädt ein:
cli-lobby-what = { $name } spielt mit { $count } { $count ->
    [one] Paket
   *[other] Paketen
 }. { $peers ->
    [one] Ein Spieler hat
   *[other] { $peers } Spieler haben
 } sie.
cli-lobby-back = Sie werden ein eigenes Profil. Nach dem Spiel ist { $own } zurück.
cli-lobby-closed = Die Lobby ist geschlossen. Wer beigetreten ist, behält ihre Mods, bis er sie verlässt.
cli-lobby-left = Deine eigenen Mods sind zurück.
cli-lobby-expires = Andere können bis { $time } beitreten.
cli-lobby-unheard = Der Gastgeber hat noch nicht geantwortet, daher ist nicht bekannt, wer noch da ist.
cli-lobby-full-link-how = Für alle, die diesen Rechner nicht erreichen: --long-link zeigt einen Link mit dem Ticket darin, --ticket DATEI schreibt es in eine Datei.
cli-lobby-file-how = Für alle, die diesen Rechner nicht erreichen: --ticket DATEI schreibt das Ticket in eine Datei, die sie öffnen können. Für einen Link ist es zu groß.
cli-lobby-full-link = Dieser längere Link enthält das Ticket, für alle, die diesen Rechner nicht erreichen:
cli-lobby-known = Der Gastgeber ist an diesen Wörtern wiederzuerkennen: { $words }
cli-lobby-page = Zurück zu: { $page }
cli-lobby-left-out = { $package } ist freiwillig und bleibt weg.
cli-lobby-may-be-left-out = { $package } ist freiwillig; mit --without bleibt es weg.
cli-lobby-no-hosts = Zu jeder Lobby wird gefragt.
cli-lobby-forgotten = Zu Lobbys dieses Gastgebers wird wieder gefragt.
