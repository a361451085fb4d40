# Quellen nebeneinander, und der Offline-Modus.
reason-offline = Offline-Modus: niemand wird gefragt, und nichts wird gegeben
