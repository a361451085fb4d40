# The command palette, and what is pasted into it.

palette-title = Commands
palette-placeholder = Type what you look for, or paste a link
palette-results = What fits
palette-nothing = Nothing fits.
palette-paste = Paste a link…
palette-open-link = See what this link asks for
palette-take = Look at it as a mod or a shared profile
palette-as-source = Look at it as a source
palette-tag = Mods with the tag “{ $value }”
palette-publisher = Mods by { $value }
palette-switch = Switch to { $profile }
palette-view = { $view } of { $profile }
palette-offline = Go offline
palette-online = Go online
palette-no-game = This needs a game. None was found yet.
palette-group-link = Pasted
palette-group-recent = Last used
palette-group-command = Commands
palette-group-place = Places
palette-group-package = Mods
palette-group-profile = Profiles
palette-group-game = Games
palette-group-setting = Settings
