# Packages that the player keeps at a version. $reason is the player's own sentence.
cause-hold = Held { $titles }
cause-unhold = Let { $titles } go
cause-channel = Chose how ripe releases of { $titles } have to be
cause-profile-channel = Chose how ripe releases have to be
cause-profile-role = Chose what the profile is for
notice-held = { $reason ->
    [none] { $package } stays at { $version }, because you hold it.
   *[other] { $package } stays at { $version }, because you hold it: { $reason }.
}
cli-held = { $reason ->
    [none] held
   *[other] held: { $reason }
}
cli-channel-update = Nothing moved. muster update brings what is newer in it.
channel-of-stable = stable releases only
channel-of-beta = also betas
channel-of-dev = also development releases
