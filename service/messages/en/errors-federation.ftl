# Sources beside each other, and offline mode.
error-offline-mode = Offline mode is on.
error-offline-mode-hint = Nothing was asked. Switch it off with the setting offline=false.
error-catalog-switched-off = { $host } is not asked: offline mode is on.
error-catalog-switched-off-hint = What was known before can still be searched, and what is here can be installed. Switch it off with the setting offline=false.
