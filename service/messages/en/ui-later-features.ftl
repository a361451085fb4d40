# Features of packages, and what goes well with them.
features-of = Features of { $title }
features-title = Features
features-about = Tick what you want. What each of them needs comes and goes with it, and updates keep your choice.
features-about-new = What each of them needs comes with it. You choose before you install it.
feature-brings = brings { $names }
feature-new = new
features-look = Look at what changes
features-back = As it was
features-ask = Choose features of { $title }?
features-waiting = Looking at what that changes…
features-nothing = Nothing moves: what these features need is there for something else, or stays away.
features-changes = { $count ->
    [one] { $count } package changes
   *[other] { $count } packages change
}
features-download = { $size } to download
features-keep = Leave it as it is
features-do = Choose it
features-do-sized = Choose it · { $size }
features-done = Chose features of { $title }
offers-title = Goes well with it
offer-recommended = recommended by { $names }
offer-suggested = suggested by { $names }
offer-taken = comes along
