# Why something waits, is refused or is worth knowing. Codes come from the service.

reason-unnamed = Held back ({ $code })
reason-waiting-for-turn = Waiting for its turn
reason-paused-by-player = Paused by you
reason-all-sources-failed = No source answered. What has arrived is kept.
reason-on-battery = Waiting: on battery
reason-sharing-not-chosen = Sharing is off until you choose in Settings
reason-dependency-missing = Needs { $needs }
notice-key-changed = The key of { $publisher } changed without its consent.
notice-broken = The signature of { $package } does not match.
notice-revoked = { $package } was revoked by its author.
notice-removed = { $package } was withdrawn by its source.
error-unnamed = Something went wrong ({ $code }).
error-unnamed-hint = Nothing was changed. Try again; the details help if you report it.
