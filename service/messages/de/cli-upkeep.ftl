# Das Terminal: Aktualisierungen, um die niemand bittet.
cli-upkeep-off = { $profile }: Aktualisierungen werden angezeigt, mehr nicht.
cli-upkeep-fetch = { $profile }: Aktualisierungen werden im Hintergrund heruntergeladen.
cli-upkeep-apply = { $profile }: Aktualisierungen werden im Hintergrund gemacht.
cli-upkeep-none = Nichts wird im Hintergrund aktuell gehalten. Für ein Profil wählst du das mit: muster profile policy NAME apply
cli-upkeep-subscribed-fetch = abonniert, wird im Hintergrund heruntergeladen
cli-upkeep-subscribed-apply = abonniert, wird im Hintergrund aktualisiert
cli-upkeep-subscribed-gone = abonniert, gerade nicht im Profil
cli-upkeep-waits = neu; wartet bis { $time } UTC
cli-upkeep-comes = wird heruntergeladen
cli-upkeep-ready = ist da
cli-upkeep-asks = entscheidest du: muster update
cli-upkeep-problem = Aktualisierungen konnten nicht gesucht werden: { $problem }
cli-subscribed = In { $profile } abonniert. Neue Versionen kommen, wenn sie zwei Tage lang angeboten wurden.
cli-unsubscribed = In { $profile } nicht mehr abonniert.
