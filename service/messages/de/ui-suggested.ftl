# Stöbern: was Quellen aussuchen und was gefragt ist, über der Liste.

suggested-featured = Ausgesucht
suggested-trending = Gefragt
suggested-by = von { $source }
suggested-by-several = von deinen Quellen
suggested-counted-by = seit { $since } bei { $source }
suggested-counted-by-several = seit { $since } bei deinen Quellen
suggested-gain = +{ $gain } Abrufe
suggested-all = Alle
suggested-all-featured = Alles, was ausgesucht ist
suggested-all-trending = Alles, was gefragt ist
