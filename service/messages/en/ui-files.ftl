# Files that were changed by hand, and the check of all files.

files-list = Files that are not as the packages brought them
files-waiting = Looking for files that were changed…
files-none = No file was changed by hand.
files-none-about = Muster never overwrites a changed file without asking. “Check files” reads every file and every archive.
files-away = The files of this profile are not in the game’s folders, so there is nothing to compare.
files-column-file = File
files-column-package = Package
files-column-state = State
files-row = { $path }, { $state }, { $package }
files-state-undecided = changed, stays for now
files-state-mine = yours
files-state-both = yours, merged
files-state-conflict = yours; the package changed the same lines
files-state-edited = yours, as settings are
files-state-changed = changed
files-state-missing = missing
files-state-damaged = damaged archive
files-about-undecided = Somebody changed this file after Muster placed it. It stays as it is, also through updates, until you decide.
files-about-mine = You kept your version. The package’s changes to it are left out.
files-about-both = You kept your version. What the package changes later is merged into it, line by line.
files-about-conflict = You and the package changed the same lines. Your lines stand.
files-about-edited = Settings are yours to change. Nothing is wrong with this file.
files-about-changed = This file is not as it was placed. Repair keeps a copy of it and puts the package’s file back.
files-about-missing = This file is gone. Repair puts the package’s file back.
files-about-damaged = The bytes of this archive changed on the disk. Repair fetches it again.
files-keep-mine = Keep mine
files-keep-theirs = Keep the package’s
files-keep-both = Keep both
files-keep-mine-about = Your file stays, whatever updates bring.
files-keep-theirs-about = The package’s file comes back. A copy of yours is kept in Muster’s data.
files-keep-both-about = Your file stays, and later changes of the package are merged into it; where both changed the same lines, yours stand.
files-decided = decided like this
files-now = Decide
files-undecided = { $count ->
    [one] { $count } file was changed or removed outside Muster
   *[other] { $count } files were changed or removed outside Muster
}
files-see = { $count ->
    [one] { $count } file to look at
   *[other] { $count } files to look at
}
files-selected = { $count ->
    [one] { $count } file selected
   *[other] { $count } files selected
}
files-foot = M, P and B decide · Shift and arrows select several
files-repair = Repair
files-repairing = Repairing…
files-check-again = Check files
files-damaged = { $count ->
    [one] { $count } archive is damaged
   *[other] { $count } archives are damaged
}
files-edited = { $count ->
    [one] { $count } file with your own settings
   *[other] { $count } files with your own settings
}
files-repair-about = Repair puts back what is missing or damaged. A copy of what was changed by hand is kept first; your settings stay.

done-deciding = { $count ->
    [one] Deciding about { $file }
   *[other] Deciding about { $count } files
}
done-kept-mine = { $count ->
    [one] Kept your { $file }
   *[other] Kept your { $count } files
}
done-kept-theirs = { $count ->
    [one] Put the package’s { $file } back
   *[other] Put { $count } files of packages back
}
done-kept-both = { $count ->
    [one] Kept both of { $file }
   *[other] Kept both of { $count } files
}
done-repairing = Repairing files
done-repaired = Files put right
