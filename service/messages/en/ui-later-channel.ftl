# How ripe releases have to be, of a profile or of one package.

channel-profile = Releases of this profile
channel-profile-about = For packages that have no choice of their own. Whoever leaves betas keeps what is there until a finished release is newer.
channel-package = Releases of this package
channel-package-about = What it needs goes by the profile.
channel-takes-stable = finished ones only
channel-takes-beta = also betas
channel-takes-dev = also development versions
channel-like-profile = as the profile: { $channel }
channel-title-stable = { $title }: finished releases only?
channel-title-beta = { $title }: also betas?
channel-title-dev = { $title }: also development versions?
channel-title-profile = { $title }: as the profile?
channel-about = The choice is a step of the profile’s history and can be undone like any other. Nothing goes back to an older version by it.
channel-waiting = Looking at what would change…
channel-nothing = Nothing is newer in it now. The choice is kept for what comes.
channel-brings = { $count ->
    [one] { $count } package changes
   *[other] { $count } packages change
}
channel-download = { $size } to download
channel-moves = Update to what is newer in it
channel-keep = Leave it as it is
channel-do = Choose it
channel-do-update = Choose and update · { $size }
channel-done = Chose the releases of { $title }
