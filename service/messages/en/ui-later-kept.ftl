# Versions of files that were set aside.

kept-list = Versions of files that were set aside
kept-waiting = Looking through what was set aside…
kept-none = No version of a file was set aside.
kept-none-about = When something takes the place of a file that you or a game changed, the changed one is kept here. It stays until you let it go.
kept-column-file = File
kept-column-why = Why it is here
kept-column-modified = Last changed
kept-row = { $file }, { $why }, last changed { $when }, { $size }
kept-place-unknown = where it was is not known
kept-why-replaced = was replaced
kept-why-found = found after a crash
kept-why-displaced = was there before its package
kept-why-hidden = waits for its package
kept-about-replaced = This version was changed by you or by a game. Then a decision, a repair or going back put another one in its place.
kept-about-found = This version was found after a crash. Where it was is not known any more, so say where it shall go.
kept-about-displaced = This was there before { $package } brought its own. It comes back by itself when { $package } goes.
kept-about-hidden = This lay there before Muster knew { $package }. It comes back by itself with { $package }, or with the original game.
kept-bring-back = Bring back
kept-bring-back-about = What is there now is set aside first, and undo takes it back.
kept-let-go = Let go…
kept-stays = It cannot be let go, because it comes back by itself.
kept-away = The files of this profile are not in the game’s folders. Versions can be looked at, and come back once it is there.
kept-to-place = Folder
kept-to-path = File in that folder
kept-to-about = For example: config/server.conf
kept-to-do = Bring back there
kept-now = See the file that is there now
kept-hash = SHA-256
kept-foot = { $count ->
    [one] { $count } version · { $size }
   *[other] { $count } versions · { $size }
}
kept-keys = R brings back · Delete lets go · Shift and arrows select several
kept-selected = { $count ->
    [one] { $count } version selected · { $size }
   *[other] { $count } versions selected · { $size }
}
kept-ask-title = { $count ->
    [one] Let this version go for good?
   *[other] Let { $count } versions go for good?
}
kept-ask-lost = { $count ->
    [one] This version will be gone, and { $size } are free. Nobody else has it, and undo cannot bring it back.
   *[other] These versions will be gone, and { $size } are free. Nobody else has them, and undo cannot bring them back.
}
kept-ask-equal = Older versions of these files with the very same content go with them.
kept-ask-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
kept-ask-keep = { $count ->
    [one] Keep it
   *[other] Keep them
}
kept-ask-do = { $count ->
    [one] Let { $count } version go
   *[other] Let { $count } versions go
}

done-bringing-back = { $count ->
    [one] Bringing { $file } back
   *[other] Bringing { $count } files back
}
done-brought-back = { $count ->
    [one] { $file } is back; what was there is set aside
   *[other] { $count } files are back; what was there is set aside
}
done-let-go = { $count ->
    [0] Nothing was let go
    [one] { $count } version let go: { $size }
   *[other] { $count } versions let go: { $size }
}
