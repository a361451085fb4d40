# Why a lobby cannot be opened or joined.
error-lobby-address = { $address } is no address that players can connect to.
error-lobby-address-hint = Nothing was opened. Give the address of this machine with a port of 1024 or above, as 203.0.113.7:6881.
error-lobby-already = You are in the lobby { $name } already.
error-lobby-already-hint = Nothing was changed. Leave it first.
error-lobby-changed = The lobby plays with something else than was shown.
error-lobby-changed-hint = Nothing was changed. Look at it again.
error-lobby-empty = There are no mods to play with that others could get.
error-lobby-empty-hint = Nothing was changed. A lobby plays with what is switched on and comes from a source; mods that lie on one machine only cannot be brought to others.
error-lobby-expired = The invitation to { $name } has run out.
error-lobby-expired-hint = Nothing was changed. Ask for a new one.
error-lobby-hours = A lobby is open for one hour up to a week.
error-lobby-hours-hint = Nothing was opened. Choose from 1 to 168 hours.
error-lobby-key-away = The key by which guests know you again cannot be had from the keyring: { $why }.
error-lobby-key-away-hint = Nothing was opened. Unlock the keyring and try again, or open the lobby without being known again.
error-lobby-no-address = It cannot be found out at which address others reach this machine.
error-lobby-no-address-hint = Nothing was opened. Name the address and its port when you open the lobby.
error-lobby-none = There is no lobby.
error-lobby-none-hint = Nothing was changed. Your own mods are in their place.
error-lobby-not-sharing = You share with nobody, so nobody could fetch the invitation from here.
error-lobby-not-sharing-hint = Nothing was opened. Choose whom to share with in the settings, or name the address of somebody who has the mods.
error-lobby-unreachable = { $count ->
    [one] The player whom the link names does
   *[other] The { $count } players whom the link names do
 } not answer.
error-lobby-unreachable-hint = Nothing was changed. The host may be away or behind a router; ask for the ticket as a file.
error-lobby-needed = { $package } is needed in this lobby.
error-lobby-needed-hint = Nothing was changed. Only what the host calls optional can be left out.
error-lobby-not-played = { $package } is not among what the lobby would play with.
error-lobby-not-played-hint = Nothing was opened. Name packages that are switched on in the profile and that others can get.
error-lobby-page = Only a page of the web can be gone back to.
error-lobby-page-hint = Nothing was opened. Give an address that begins with https:// and names a host.
error-lobby-unknown-host = No such host is known.
error-lobby-unknown-host-hint = Nothing was changed. Its lobbies are asked about already.
