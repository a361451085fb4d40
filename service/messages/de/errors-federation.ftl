# Quellen nebeneinander, und der Offline-Modus.
error-offline-mode = Der Offline-Modus ist an.
error-offline-mode-hint = Niemand wurde gefragt. Schalte ihn mit der Einstellung offline=false aus.
error-catalog-switched-off = { $host } wird nicht gefragt: der Offline-Modus ist an.
error-catalog-switched-off-hint = Was schon bekannt war, lässt sich weiter durchsuchen, und was hier ist, installieren. Schalte ihn mit der Einstellung offline=false aus.
