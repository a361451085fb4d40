# Lobbies: mods for a match, and the own ones after it. $name is the lobby's, $own the player's own profile.
cli-lobby-none = No lobby is open here, and none was joined.
cli-lobby-open = { $name } is open until { $time }, with { $count } { $count ->
    [one] package
   *[other] packages
 }. This link invites to it:
cli-lobby-what = { $name } plays with { $count } { $count ->
    [one] package
   *[other] packages
 }. { $peers ->
    [one] One player has
   *[other] { $peers } players have
 } them.
cli-lobby-back = They become a profile of their own. { $own } is back after the game.
cli-lobby-closed = The lobby is closed. Who joined keeps its mods until they leave.
cli-lobby-left = Your own mods are back.
cli-lobby-expires = Others can join until { $time }.
cli-lobby-unheard = The host has not answered yet, so it is not known who else is here.
cli-lobby-full-link-how = For those who cannot reach this machine: --long-link prints a link with the ticket in it, --ticket FILE writes it to a file.
cli-lobby-file-how = For those who cannot reach this machine: --ticket FILE writes the ticket to a file, which they can open. It is too large for a link.
cli-lobby-full-link = This longer link has the ticket in it, for those who cannot reach this machine:
cli-lobby-known = The host can be known again by these words: { $words }
cli-lobby-page = Back to: { $page }
cli-lobby-left-out = { $package } is optional and left out.
cli-lobby-may-be-left-out = { $package } is optional; --without leaves it out.
cli-lobby-no-hosts = Every lobby is asked about.
cli-lobby-forgotten = Lobbies of this host are asked about again.
