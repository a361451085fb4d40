# Why something waits, is refused or is worth knowing. Codes come from the service.

reason-unnamed = Held back ({ $code })
reason-sharing-not-chosen = Sharing is off until you choose in Settings
reason-sharing-off = Sharing is off
reason-sharing-not-allowed = Its author does not allow passing it on
reason-needs-disabled = Needs { $package }, which is off
notice-key-changed = The key of { $publisher } changed without its consent.
notice-broken = The signature of { $package } does not match.
notice-revoked = { $package } was revoked by its author.
notice-removed = { $package } was withdrawn by its source.
error-unnamed = Something went wrong ({ $code }).
error-unnamed-hint = Nothing was changed. Try again; the details help if you report it.
