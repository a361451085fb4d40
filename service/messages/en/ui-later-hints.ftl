# What to do in the window about errors whose general hint names a command of the terminal.

hint-service-protocol = Window and service may be of different versions. End the service from its sign in the panel, then start Muster again.
hint-cli-not-advised = Nothing was changed. It can be turned off in the profile.
hint-shared-not-following = Nothing was changed. A profile is followed when a shared one is applied under Profiles, “Paste or open…”.
hint-not-a-collection = Nothing was changed. It can be installed from its page.
hint-pack-game-unknown = Nothing was changed. Choose a profile of the game that it is for.
hint-pack-unknown-form = Nothing was changed. Archives with mods are opened under Profiles, “Paste or open…”.
hint-kept-unknown = Nothing was changed. The list under “Set aside” shows what there is.
hint-game-taken = Nothing was changed. Choose another name.
hint-saves-no-snapshot = Nothing was changed. The list under “Saves” shows those that are there.
hint-saves-unknown = Nothing was changed. The list under “Saves” shows what is in each snapshot.
hint-saves-too-large = Nothing was changed. Allow more under Saves, “How much is kept…”, or turn snapshots off there.
