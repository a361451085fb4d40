# Pakete, die der Spieler bei einer Version hält. $reason ist sein eigener Satz.
cause-hold = { $titles } festgehalten
cause-unhold = { $titles } losgelassen
cause-channel = Festgelegt, wie reif Versionen von { $titles } sein müssen
cause-profile-channel = Festgelegt, wie reif Versionen sein müssen
cause-profile-role = Festgelegt, wofür das Profil ist
cause-features = Funktionen von { $titles } gewählt
notice-feature-gone = { $package } hat keine Funktion { $feature } mehr; deine Wahl ist vergessen.
notice-held = { $reason ->
    [none] { $package } bleibt bei { $version }, weil du es festhältst.
   *[other] { $package } bleibt bei { $version }, weil du es festhältst: { $reason }.
}
channel-of-stable = nur fertige Versionen
channel-of-beta = auch Betas
channel-of-dev = auch Entwicklungsversionen
