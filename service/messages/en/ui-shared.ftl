# Profiles that are handed on, and profiles of others that are followed.

share-open = Share this profile…
share-waiting = Writing down the profile…
share-holds = { $count ->
    [one] It says which { $count } package the profile has. No settings, no files, nothing of your game or your machine.
   *[other] It says which { $count } packages the profile has, and their order. No settings, no files, nothing of your game or your machine.
}
share-left-out = { $count ->
    [one] One mod is left out, because others cannot get it: it lies on this machine only.
   *[other] { $count } mods are left out, because others cannot get them: they lie on this machine only.
}
share-unsigned = Send it as it is, or put it into a file. To let others follow it, sign it: muster profile share FILE --key KEY
share-copy = Copy it
share-see = See all of it

follow-title = Follows “{ $name }”
follow-row = follows { $name }
follow-row-news = follows { $name }: news
follow-news = Version { $seen } is there. You agreed to version { $version } last.
follow-same = You have its newest version, { $version }.
follow-apply = Nothing is applied by itself.
follow-see = See what changes…
follow-equal = Mods that it does not have go when you agree to a version; those that lie on your machine only stay.
follow-keeps = Your other mods stay when you agree to a version.
follow-checked = Last asked { $when }
follow-look = Look for news
follow-looking = Looking…
follow-stop = Stop following…
follow-ask-title = Let { $profile } follow “{ $name }” no more?
follow-ask-about = The profile stays as it is. To follow again you need this address:
follow-ask-keep = Go on following
follow-ask-do = Stop following

done-looked-for-news = { $count ->
    [0] No news: you have the newest version of everything that you follow
    [one] { $count } profile that you follow has news
   *[other] { $count } profiles that you follow have news
}
done-unfollowed = { $profile } follows “{ $name }” no more
