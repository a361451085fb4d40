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
hint-keyring-absent = No key was kept anywhere, and the service is asked without one. Turn a keyring on for your desktop (GNOME Keyring, KWallet, or KeePassXC with “Secret Service”), sign in again, then set the key here once more.
hint-source-no-preset = Nothing was changed. The page Sources shows which there are; a source can also be added by its address.
hint-service-ended = Your mods are in their old or their new state, never between. Open Muster again to start the service.
hint-service-does-not-stop = It may still be placing files. Wait a moment and look again; do not switch the computer off yet.
hint-service-other-version = End the service from its sign in the panel, then start Muster again: window and service have to be of one version.
