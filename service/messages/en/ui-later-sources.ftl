# Sources: keys for services, what Steam has brought, and what is offered for games.
source-workshop-about = Steam brought these items from its Workshop, keeps them up to date and takes them away. Muster shows them, asks nobody and never touches them.
source-workshop-short = by Steam
source-token = Key for { $service }
source-token-none = There is none.
source-token-keyring = Kept in the keyring of this computer.
source-token-variable = In the environment variable { $named }.
source-token-file = In the file { $named }.
source-token-first = Your key (token)
source-token-other = Another key (token)
source-token-keep = Keep it
source-token-forget = Forget the key
source-token-about = { $service } answers more often to those who have a key. It is told to nobody else and never shown again. All your sources there use it, and it stays when a source is removed.
preset-title = For the games that you have
preset-title-game = Sources for this game
preset-about = Nobody has been asked yet. Nobody signs what is there: it is as good as the service’s word and the way to it.
preset-asks = { $games } · asks { $host }
preset-here = { $games } · on this computer, asks nobody
preset-add = Add
preset-add-named = Add { $source }
preset-decline = No, thanks
preset-decline-named = No, thanks: do not offer { $source } again
preset-declined = { $count ->
    [one] { $count } that you turned down or removed
   *[other] { $count } that you turned down or removed
}
done-preset-declined = { $source } is not offered any more
done-source-token = The key for { $service } is kept
done-source-token-gone = The key for { $service } is forgotten
