# Sammlungen: die eines Profils, die der Quellen, und eine davon mit ihrem Unterschied.

collections-here = In { $profile }
collections-lists = Listen
collections-packs = Modpakete
collections-about-here = Was du angewendet hast. Es wird als Ganzes aktualisiert, und was du herausnimmst, bleibt draußen.
collections-about-lists = Listen nennen Pakete zum Aussuchen; ihre Fassungen gehen mit Updates mit.
collections-about-packs = Modpakete sind eine Einheit: genau die Fassungen, die zusammen geprüft wurden.
collections-waiting = Sammlungen werden gelesen…
collections-none-here = Dieses Profil hat noch keine Sammlung. Eine Liste oder ein Modpaket bringt viele Mods in einem Schritt, und geht auch in einem wieder.
collections-none-lists = Deine Quellen bieten für dieses Spiel keine Listen an.
collections-none-packs = Deine Quellen bieten für dieses Spiel keine Modpakete an.
collections-find = Liste finden
collection-open = Inhalt ansehen
collection-see-update = Update ansehen
collection-update = Fassung { $version } ist da
collection-busy = wird angewendet
collection-here = im Profil
collection-unread = Ihre Liste kann gerade nicht gelesen werden
collection-count-other-side = { $count } nur für die andere Seite
collection-count-missing = { $count } in keiner Quelle
collection-count-goes = { $count } gehen
collection-count-comes = { $count } kommen
collection-count-not-chosen = { $count } nicht gewählt
collection-count-taken-out = { $count } von dir herausgenommen
collection-count-left-out = { $count } von dir weggelassen
collection-count-yours = { $count } in deiner eigenen Fassung
collection-count-here = { $count } da
collection-is-new = Noch nicht in { $profile }. Dies ist Fassung { $to }.
collection-is-update = { $profile } hat Fassung { $from }. Fassung { $to } ist da.
collection-is-offers = { $profile } hat Fassung { $to }. Einiges davon kann jetzt kommen.
collection-is-whole = { $profile } hat Fassung { $to }.
collection-do-new = Anwenden…
collection-do-update = Auf { $to } aktualisieren…
collection-do-offers = Bringen, was kommen kann…
collection-about = Über sie
collection-leave = Verlassen…
collection-members = Was darin ist
collection-foot = Die Leertaste wählt ein Paket oder lässt es weg. Nichts ändert sich, bevor du anwendest.
collection-no-source = { $count ->
    [one] { $count } Paket liegt in der Quelle { $source }, die du nicht hast.
   *[other] { $count } Pakete liegen in der Quelle { $source }, die du nicht hast.
}
collection-waiting = Es wird gelesen, was darin ist und was sich ändern würde…
collection-empty = In dieser Fassung ist nichts.
collection-looking = Es wird nachgesehen, was sich ändern würde…
collection-apply-title = „{ $title }“ auf { $profile } anwenden?
collection-update-title = „{ $title }“ in { $profile } auf { $to } aktualisieren?
collection-leave-title = „{ $title }“ aus { $profile } nehmen?
collection-leave-keep = Die Mods, die sie brachte, bleiben als deine eigenen
collection-only-list = Kein Mod ändert sich, nur die Liste
collection-keeps = { $count } bleiben, wie sie sind
collection-comes-without = { $count ->
    [one] Ohne { $names }: Keine Quelle hat es in einer passenden Fassung. Mit dem nächsten Update wird wieder gefragt.
   *[other] Ohne { $count }, die keine Quelle in einer passenden Fassung hat ({ $names }). Mit dem nächsten Update wird wieder gefragt.
}
collection-left-out = Von dir weggelassen, auch bei den nächsten Updates:
collection-take-in = Hereinnehmen
collection-take-in-one = Hereinnehmen: { $title }
collection-keep = So lassen
collection-do-apply = Anwenden · { $size }
collection-do-leave = Herausnehmen
collection-applying = { $title } wird angewendet
collection-applied = { $title } angewendet
collection-leaving = { $title } wird herausgenommen
collection-left = { $title } herausgenommen
member-row = { $title }, { $state }, gewünscht: { $range }, im Profil: { $version }
member-column-chosen = Gewünscht
member-column-range = Gewünschte Fassung
member-column-version = Im Profil
member-column-state = Was damit wird
member-wanted = { $title } ist gewünscht
member-optional = deine Wahl
member-choose = Auswählen
member-leave-out = Weglassen
member-moves = ändert seine Fassung
member-here = da
member-comes = kommt
member-goes = geht
member-yours = deine eigene Fassung bleibt
member-taken-out = von dir herausgenommen
member-left-out = von dir weggelassen
member-not-chosen = nicht gewählt
member-other-side = nur für die andere Seite, bleibt draußen
member-missing = in keiner Quelle, später wieder
member-no-source = braucht eine Quelle, die du nicht hast
