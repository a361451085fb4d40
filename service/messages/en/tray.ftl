# The icon beside the clock: what is going on, then its menu.
tray-idle = Muster is idle
tray-working = { $jobs ->
    [0] Downloading
    [one] Working on { $jobs } change
   *[other] Working on { $jobs } changes
}
tray-sharing = { $shared ->
    [0] Sharing
    [one] Sharing { $shared } package
   *[other] Sharing { $shared } packages
}
tray-paused = Paused: nothing is downloaded or shared
tray-attention = Muster needs you
tray-open = Open Muster
tray-pause = Pause
tray-pause-hour = Pause for an hour
tray-pause-tomorrow = Pause until tomorrow
tray-pause-playing = Pause while playing
tray-paused-until = Paused until { $time }
tray-paused-playing = Paused until the game ends
tray-resume = Go on
tray-quit = Quit
