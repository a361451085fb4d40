# Das Zeichen neben der Uhr: was geschieht, dann sein Menü.
tray-idle = Muster hat nichts zu tun
tray-working = { $jobs ->
    [0] Lädt herunter
    [one] Arbeitet an { $jobs } Änderung
   *[other] Arbeitet an { $jobs } Änderungen
}
tray-sharing = { $shared ->
    [0] Teilt
    [one] Teilt { $shared } Paket
   *[other] Teilt { $shared } Pakete
}
tray-paused = Angehalten: nichts wird geladen oder geteilt
tray-attention = Muster braucht dich
tray-open = Muster öffnen
tray-pause = Anhalten
tray-pause-hour = Für eine Stunde anhalten
tray-pause-tomorrow = Bis morgen anhalten
tray-pause-playing = Während des Spiels anhalten
tray-paused-until = Angehalten bis { $time }
tray-paused-playing = Angehalten, bis das Spiel endet
tray-resume = Fortsetzen
tray-quit = Beenden
