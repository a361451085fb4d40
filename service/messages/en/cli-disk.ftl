# The terminal: what Muster takes on the disks.
cli-disk-folder = Folder
cli-disk-packages = Packages
cli-disk-unique = One profile
cli-disk-shared = Several profiles
cli-disk-history = Earlier states
cli-disk-reclaimable = Could go
cli-disk-away = its disk is not there
cli-disk-archives = { $count ->
    [one] { $count } archive
   *[other] { $count } archives
}
