# Warum eine Lobby nicht geöffnet oder betreten werden kann.
error-lobby-address = { $address } ist keine Adresse, die Spieler erreichen können.
error-lobby-address-hint = Es wurde nichts geöffnet. Nenne die Adresse dieses Rechners mit einem Port ab 1024, etwa 203.0.113.7:6881.
error-lobby-already = Du bist schon in der Lobby { $name }.
error-lobby-already-hint = Es wurde nichts geändert. Verlasse sie zuerst.
error-lobby-changed = Die Lobby spielt mit etwas anderem, als gezeigt wurde.
error-lobby-changed-hint = Es wurde nichts geändert. Sieh sie dir noch einmal an.
error-lobby-empty = Es gibt keine Mods zum Mitspielen, die andere bekommen könnten.
error-lobby-empty-hint = Es wurde nichts geändert. Eine Lobby spielt mit dem, was eingeschaltet ist und aus einer Quelle kommt; Mods, die nur auf einem Rechner liegen, bekommen andere nicht.
error-lobby-expired = Die Einladung zu { $name } ist abgelaufen.
error-lobby-expired-hint = Es wurde nichts geändert. Bitte um eine neue.
error-lobby-hours = Eine Lobby ist eine Stunde bis eine Woche lang offen.
error-lobby-hours-hint = Es wurde nichts geöffnet. Wähle 1 bis 168 Stunden.
error-lobby-key-away = Der Schlüssel, an dem Gäste dich wiedererkennen, ist aus dem Schlüsselbund nicht zu bekommen: { $why }.
error-lobby-key-away-hint = Es wurde nichts geöffnet. Entsperre den Schlüsselbund und versuche es noch einmal, oder öffne die Lobby, ohne wiedererkannt zu werden.
error-lobby-no-address = Unter welcher Adresse andere diesen Rechner erreichen, lässt sich nicht herausfinden.
error-lobby-no-address-hint = Es wurde nichts geöffnet. Nenne die Adresse und den Port, wenn du die Lobby öffnest.
error-lobby-none = Es gibt keine Lobby.
error-lobby-none-hint = Es wurde nichts geändert. Deine eigenen Mods sind an ihrem Platz.
error-lobby-not-sharing = Du teilst mit niemandem, also könnte niemand die Einladung von hier holen.
error-lobby-not-sharing-hint = Es wurde nichts geöffnet. Wähle in den Einstellungen, mit wem du teilst, oder nenne die Adresse von jemandem, der die Mods hat.
error-lobby-unreachable = { $count ->
    [one] Der Spieler, den der Link nennt, antwortet
   *[other] Die { $count } Spieler, die der Link nennt, antworten
 } nicht.
error-lobby-unreachable-hint = Es wurde nichts geändert. Vielleicht ist der Gastgeber nicht da oder hinter einem Router; bitte um das Ticket als Datei.
error-lobby-needed = { $package } wird in dieser Lobby gebraucht.
error-lobby-needed-hint = Nichts wurde geändert. Weglassen kann man nur, was der Gastgeber freiwillig nennt.
error-lobby-not-played = { $package } ist nicht unter dem, womit die Lobby spielen würde.
error-lobby-not-played-hint = Nichts wurde geöffnet. Nenne Pakete, die im Profil eingeschaltet sind und die andere bekommen können.
error-lobby-page = Zurückkehren kann man nur zu einer Seite im Web.
error-lobby-page-hint = Nichts wurde geöffnet. Gib eine Adresse an, die mit https:// beginnt und einen Rechner nennt.
error-lobby-unknown-host = Ein solcher Gastgeber ist nicht bekannt.
error-lobby-unknown-host-hint = Nichts wurde geändert. Zu seinen Lobbys wird schon gefragt.
