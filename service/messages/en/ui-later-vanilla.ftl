# Back to the original game, and the proof of it.

vanilla-waiting = Holding every file against what was there before Muster…
vanilla-nothing = Muster never placed anything in the folders of { $game }, so there is nothing to take out and nothing to prove.
vanilla-verdict-ours = { $count ->
    [one] Mods of { $profile } are in place: { $count } file of Muster.
   *[other] Mods of { $profile } are in place: { $count } files of Muster.
}
vanilla-verdict-original = { $game } is as it was before Muster: nothing of Muster is there, and every file that was there is as it was.
vanilla-verdict-departed = Nothing of Muster is there. Something else changed the files that are named below.
vanilla-late = What was there was written down only after mods had been placed; what others changed before that is not known.
vanilla-does = What going back does
vanilla-does-out = { $count ->
    [one] Takes { $count } file of Muster out of the folders of { $game }.
   *[other] Takes { $count } files of Muster out of the folders of { $game }.
}
vanilla-does-back = Puts back every file of the game that a mod had displaced, and compares its hash.
vanilla-does-keeps = { $profile } keeps its mods. Undo, or a switch to it, puts them back.
vanilla-does-stays = Worlds, saves, files that Muster does not know and files changed by hand stay where they are. Settings you changed go with the profile.
vanilla-do = Take the mods out
vanilla-doing = Under way: { $phase }
vanilla-put-back = Put the mods of { $profile } back
vanilla-proof = Proof
vanilla-groups = Groups of the proof
vanilla-copy = Copy as text
vanilla-copied = Copied
vanilla-read = Compare every byte
vanilla-read-about = Reads every file, so that hashes prove it too, not only size and time. Takes as long as the disk does.
vanilla-reading = Looking at the files…
vanilla-look-again = Look again
vanilla-group-equal = Hash equal
vanilla-group-unchanged = Unchanged by metadata
vanilla-group-departed = Changed by something else
vanilla-group-modded = Already modded
vanilla-group-ours = Ours, still there
vanilla-about-equal = Displaced by a mod once, back now: the same bytes.
vanilla-about-unchanged = Never touched: size, time and place on the disk are as before.
vanilla-about-departed = Changed, deleted or added by the game, by you or by another program. Muster leaves them alone.
vanilla-about-modded = There when Muster came, and left by another tool. Muster leaves them alone.
vanilla-about-ours = { $count ->
    [0] No file of Muster is in the game’s folders.
    [one] { $count } file of Muster is in the game’s folders. It goes when the mods are taken out.
   *[other] { $count } files of Muster are in the game’s folders. They go when the mods are taken out.
}
vanilla-list = Files: { $group }
vanilla-none = No file is in this group.
vanilla-cut = The first { $shown } of { $count } are listed.
vanilla-column-file = File
vanilla-column-place = Folder
vanilla-column-note = Note
vanilla-file-row = { $path }, { $place } { $note }
vanilla-how-changed = changed
vanilla-how-gone = gone
vanilla-how-new = new
vanilla-from = from { $of }
vanilla-text-title = { $game }: what is in its folders, held against what was there before Muster ({ $date })

done-taking-out = Taking the mods out of { $game }
done-taken-out = The mods are out of { $game }
