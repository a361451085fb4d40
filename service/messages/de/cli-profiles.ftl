# Das Terminal: Profile, ihr Verlauf und was in den Ordnern eines Spiels liegt.
cli-profile-name = Profil
cli-profile-game = Spiel
cli-profile-state = Zustand
cli-profile-placed = in den Ordnern des Spiels
cli-profile-not-placed = nicht in den Ordnern des Spiels
cli-profile-packages = Pakete
cli-profile-counts = { $on } an, { $off } aus
cli-profile-generation = Stand des Verlaufs
cli-profile-world = Welt
cli-profile-deleted = { $profile } ist aus den Ordnern des Spiels und aus der Liste verschwunden. Zurück kommt es mit: muster profile restore "{ $profile }"
cli-profile-until = kann zurück bis { $time }

cli-history-same = Beide Stände haben dieselben Pakete.
cli-history-pruned = { $count ->
    [0] Jeder Stand bleibt.
    [one] { $count } Stand wurde aufgegeben.
   *[other] { $count } Stände wurden aufgegeben.
}
