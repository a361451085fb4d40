# The lobby's place, and what an invitation shows. $name is the lobby's, $own the player's own profile.
lobby-invited = An invitation to a lobby
lobby-invited-about = { $count ->
    [one] To see what it plays with, this player is asked for it. The player sees your address.
   *[other] To see what it plays with, these { $count } players are asked for it. They see your address.
}
lobby-ask = Show what it plays with
lobby-asking = Asking the players…
lobby-join-title = Join { $name }?
lobby-need = { $count ->
    [one] { $count } mod
   *[other] { $count } mods
} · { $size } to fetch · { $peers ->
    [one] one player has them
   *[other] { $peers } players have them
}
lobby-own-back = They become a profile of their own. { $own } is back after the game.
lobby-join = Join with these mods
lobby-missing = { $count ->
    [one] It needs a source that you do not have. Add it if you trust it, then look again.
   *[other] It needs { $count } sources that you do not have. Add them if you trust them, then look again.
}
lobby-no-mods = It plays without mods.
lobby-about = Play with exactly the same mods as your friends. Yours are back afterwards.
lobby-joined = You are in { $name }
lobby-play = Play
lobby-leave = Leave, bring my mods back
lobby-hosted = { $name } is open
lobby-hosted-about = { $count ->
    [one] It plays with one mod, as your profile had it when it was opened.
   *[other] It plays with { $count } mods, as your profile had them when it was opened.
}
lobby-link = Link that invites to it
lobby-copy = Copy the link
lobby-copied = Copied
lobby-close = Close the lobby
lobby-not-offered = Nobody can fetch it from here right now: sharing is held back. See Seeding for why.
lobby-open-title = Open a lobby
lobby-open-about = { $count ->
    [0] { $profile } has nothing switched on to play with.
    [one] Others play with the mod that { $profile } has now.
   *[other] Others play with the { $count } mods that { $profile } has now.
}
lobby-name = Name
lobby-hours = Open for
lobby-hours-value = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
lobby-open = Open the lobby
lobby-join-box = Join a lobby
lobby-join-box-about = Paste the link that a friend sent you, or open the file with the ticket; dropping it on the window does the same.
lobby-file = Open a ticket…
lobby-paste = Link
lobby-look = Look at it
lobby-no-link = This is no link to a lobby. It begins with muster://join/
done-lobby-closed = The lobby is closed
done-lobby-joined = { $name }: its mods are on their way
lobby-copy-ticket = Copy the ticket
lobby-copy-ticket-about = For those who cannot reach this machine: saved as a file, they join with it from the terminal.
lobby-fact-game = Game
lobby-fact-profile = Profile
lobby-fact-opened = Open since
lobby-fact-joined = Joined
lobby-fact-until = Others can join until
lobby-fact-own = Back afterwards
lobby-fact-heard = The host answered
lobby-host-unheard = not yet
lobby-players = Who is here
lobby-players-ready = { $ready } of { $all } ready
lobby-players-none = Nobody has joined yet. Players are listed here as they say themselves; only those who can reach this machine are heard.
lobby-players-unknown = The host has not answered yet, so it is not known who else is here. You can play all the same.
lobby-player-since = Here since { $time }
lobby-player-heard = last heard { $time }
lobby-your-name = Your name there
lobby-your-name-about = The host and the others see it, and how far you are. It may stay empty.
lobby-copy-full = Copy a link with the ticket
lobby-copy-full-about = Longer; what it plays with is in the link itself, so nobody has to be asked for it.
lobby-fact-words = You are known by
lobby-fact-page = Back to
lobby-optional = You may leave out
lobby-optional-unverified = not verified
lobby-back-page = Afterwards you can go back to { $host }.
lobby-back-to = Back to { $host }
lobby-host-words = This host can be known again by the words { $words }.
lobby-remember = Do not ask again for this host, when everything is verified and from publishers whose mods I have
lobby-more = More…
lobby-known = Let guests know me again
lobby-known-about = Your lobbies are signed with one key that stays, so guests need not be asked each time. Others can tell, too, that your lobbies are of the same person.
lobby-page = Page to go back to
lobby-page-wrong = Only a page of the web, beginning with https://
lobby-may-leave-out = Guests may leave out
hosts-about = Lobbies of these hosts are joined when you follow their link, without asking, while everything in them is verified and from publishers whose mods you have. A host is known by its key, never by a name.
hosts-none = Every lobby is asked about.
hosts-since = since { $time }, in { $lobby }
hosts-forget = Ask again
hosts-forget-label = Ask again about { $words }
settings-hosts = Lobbies without asking
done-host-forgotten = Lobbies of this host are asked about again
