# Quellen: Schlüssel für Dienste, was Steam gebracht hat, und was für Spiele angeboten wird.
source-workshop-about = Steam hat das aus seinem Workshop gebracht, hält es aktuell und nimmt es wieder weg. Muster zeigt es, fragt niemanden und rührt es nie an.
source-workshop-short = von Steam
source-token = Schlüssel für { $service }
source-token-none = Es gibt keinen.
source-token-keyring = Liegt im Schlüsselbund dieses Rechners.
source-token-variable = Steht in der Umgebungsvariablen { $named }.
source-token-file = Steht in der Datei { $named }.
source-token-first = Dein Schlüssel (Token)
source-token-other = Ein anderer Schlüssel (Token)
source-token-keep = Aufbewahren
source-token-forget = Schlüssel vergessen
source-token-about = { $service } antwortet denen öfter, die einen Schlüssel haben. Er wird sonst niemandem genannt und nie wieder angezeigt. Alle deine Quellen dort verwenden ihn, und er bleibt, wenn eine Quelle entfernt wird.
preset-title = Für die Spiele, die du hast
preset-title-game = Quellen für dieses Spiel
preset-about = Noch wurde niemand gefragt. Niemand unterschreibt, was dort liegt: Es ist so gut wie das Wort des Dienstes und der Weg zu ihm.
preset-asks = { $games } · fragt { $host }
preset-here = { $games } · auf diesem Rechner, fragt niemanden
preset-add = Hinzufügen
preset-add-named = { $source } hinzufügen
preset-decline = Nein, danke
preset-decline-named = Nein, danke: { $source } nicht mehr anbieten
preset-declined = { $count ->
    [one] { $count } abgelehnte oder entfernte
   *[other] { $count } abgelehnte oder entfernte
}
done-preset-declined = { $source } wird nicht mehr angeboten
done-source-token = Der Schlüssel für { $service } wird aufbewahrt
done-source-token-gone = Der Schlüssel für { $service } ist vergessen
