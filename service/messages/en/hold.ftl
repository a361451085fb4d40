# Packages that the player keeps at a version. $reason is the player's own sentence.
cause-hold = Held { $titles }
cause-unhold = Let { $titles } go
cause-channel = Chose how ripe releases of { $titles } have to be
cause-profile-channel = Chose how ripe releases have to be
cause-profile-role = Chose what the profile is for
cause-features = Chose features of { $titles }
notice-feature-gone = { $package } has no feature { $feature } any more; what you chose is forgotten.
notice-held = { $reason ->
    [none] { $package } stays at { $version }, because you hold it.
   *[other] { $package } stays at { $version }, because you hold it: { $reason }.
}
channel-of-stable = stable releases only
channel-of-beta = also betas
channel-of-dev = also development releases
