# What Muster takes on the disks.

settings-disk = Disk
disk-about = Packages are unpacked once, whatever number of profiles and games has them, and linked into the games’ folders where the disk can.
disk-waiting = Adding up…
disk-total = { $size } in { $count ->
    [one] { $count } package
   *[other] { $count } packages
}
disk-away = The disk is not there
disk-unique = One profile
disk-shared = Several profiles
disk-history = Earlier states
disk-reclaimable = Could go
disk-archives = { $size } in { $count ->
    [one] { $count } archive
   *[other] { $count } archives
}
disk-archives-about = { $reclaimable } of it could go; { $unfinished } are unfinished downloads.
disk-again = Add up again
disk-ways = How packages get into the games’ folders
disk-ways-about = The best way that works there, found by trying. Settings of mods are always copies.
