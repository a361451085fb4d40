# Aktualisierungen, um die niemand bittet, wo immer von ihnen die Rede ist.
cause-kept-up = Von selbst aktualisiert: { $titles }
notice-upkeep-removes = { $count ->
    [one] Die Aktualisierung würde { $packages } entfernen. Das entscheidest du.
   *[other] Die Aktualisierung würde { $count } Pakete entfernen, darunter { $packages }. Das entscheidest du.
}
notice-upkeep-older = { $count ->
    [one] Die Aktualisierung würde eine ältere Version von { $packages } bringen. Das entscheidest du.
   *[other] Die Aktualisierung würde ältere Versionen von { $count } Paketen bringen, darunter { $packages }. Das entscheidest du.
}
notice-upkeep-stranger = Die Aktualisierung würde { $package } bringen, von jemandem, der hier neu ist. Das entscheidest du.
notice-upkeep-game = Aktualisierungen warten, bis das Spiel beendet ist.
notice-upkeep-busy = Aktualisierungen warten, bis fertig ist, was mit diesem Profil geschieht.
notice-upkeep-offline = Aktualisierungen warten, bis du wieder online bist.
notice-upkeep-room = Aktualisierungen warten: Im Cache ist kein Platz für sie.
