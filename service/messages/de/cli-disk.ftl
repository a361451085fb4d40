# Das Terminal: was Muster auf den Datenträgern belegt.
cli-disk-folder = Ordner
cli-disk-packages = Pakete
cli-disk-unique = Ein Profil
cli-disk-shared = Mehrere Profile
cli-disk-history = Frühere Stände
cli-disk-reclaimable = Könnte weg
cli-disk-away = der Datenträger ist nicht da
cli-disk-archives = { $count ->
    [one] { $count } Archiv
   *[other] { $count } Archive
}
