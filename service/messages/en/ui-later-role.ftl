# What a profile is for, in the window.
role-title = What it is for
role-side-client = Playing
role-side-client-about = Mods that only servers need stay out.
role-side-server = Hosting
role-side-server-about = Mods that only players need stay out.
role-side-both = Both
role-side-both-about = You play and host from the same folders.
role-platform = The game runs on
role-platform-automatic = { $platform } (found out)
role-platform-find = Whatever it is found to be
done-role = The profile is for { $side ->
    [client] playing
    [server] hosting
   *[both] playing and hosting
} now
done-platform = What the game runs on is changed
