# Fragen, die das Fenster in Fenstern der Oberfläche stellt.
window-add-game = { $title } hinzufügen?
window-add-game-about =
    Wenn du auf Spielen drückst, startet Muster
    { $program }
    und legt Mods ab in
    { $folder }
window-add-game-yes = Spiel hinzufügen
window-add-game-no = Lieber nicht
window-remove-game = { $title } vergessen?
window-remove-game-about = Muster vergisst, wo { $title } ist. Das Spiel selbst und was in seinen Ordnern liegt, bleiben, wie sie sind.
window-remove-game-yes = Vergessen
window-remove-game-no = Behalten
window-choose-program = Programm, das das Spiel startet
window-choose-folder = Ordner, aus dem das Spiel Mods nimmt
window-choose-adoption = Ordner mit Mods, oder der eines Profils eines anderen Programms
window-choose-file = Mod oder geteiltes Profil
window-ask-address = Diese Adresse fragen?
window-ask-address-about =
    Muster holt, was liegt unter
    { $address }
    und zeigt dir, was es ändern würde. Wer die Adresse betreibt, sieht deine Netzadresse.
window-ask-address-yes = Holen
window-ask-address-no = Lieber nicht
