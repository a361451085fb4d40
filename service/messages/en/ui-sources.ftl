# Sources.

sources-waiting = Reading the sources…
sources-empty = There are no sources yet. Add one by its address or folder.
sources-about = When two sources have the same new package, the higher one is used. What is installed stays with the source it came from.
source-add = Add a source…
source-add-title = Add a source
source-add-about = Paste the address of a registry, or the folder where one lies. Nothing is used before you have seen its key.
source-address = Address or folder
source-alias = Short name, if you want another one
source-looking = Reading the repository. This can take some minutes.
source-step-asking = Asking the repository what there is
source-step-receiving = Receiving { $objects } of { $total } objects · { $size }
source-step-joining = Putting { $objects } of { $total } objects together · { $size }
source-look-stop = Stop reading
source-look = Look at it
source-trust = Trust and add
source-trust-title = Trust this source?
source-trust-about = Compare these words with the ones the owner of the source shows. They stand for its key.
source-fingerprint = Fingerprint
source-unsigned-title = Add this source?
source-unsigned-about = Nobody signs what is there: it is as good as the service's word and the way to it. What you install is remembered by its bytes.
source-service = Service
source-unsigned-add = Add
source-known = It is one of your sources already.
source-test-keys = Signed with test keys that everybody has: for trying things out only.
source-checked-by = Checked by
source-own-hashes = Checked by its own hashes
source-rank = Rank
source-never = Not read yet
source-new = Not read yet
source-fresh = Refreshed { $ago }
source-stale = Old: from { $ago }
source-failed = Could not be read; last time { $ago }
source-off = Switched off
sources-list = Sources in your order
source-row = { $place }, { $source }, { $kind }, { $fresh }, { $count ->
    [one] { $count } package
   *[other] { $count } packages
} { $problem }
source-toggle = { $source } is on
source-place = { $source } is at place { $place } of { $count } now
source-column-packages = Packages
source-column-fresh = Refreshed
source-last = Last refreshed
source-unread = Could not be read yet
source-sync-all = Refresh all
source-sync-now = Refresh now
source-rank-of = { $place } of { $count }
source-up = Move up
source-down = Move down
source-keys = Drag, or Alt and arrows, move · Space turns on or off · R refreshes
source-old-about = What it said last is used and dated; everything that is here can be installed.
source-failed-about = Nothing of it can be shown. Other sources are not affected.
source-off-about = It is neither asked nor shown. Nothing that it said is lost, and what you installed from it stays.
source-resting = It failed several times in a row and is left alone until { $until }.
source-key-about = Everything from this source must lead back to this key. Another key is never taken without its consent.
source-own-hashes-short = its own hashes
source-test-keys-short = test keys only
source-remove-about = Removing forgets what it said. Installed mods stay, and undo brings the source back.
offline-mode = Offline
offline-about = Nobody is asked and nothing is given. Everything synced is found, and everything that is here can be installed.

done-source-moved = { $source } is at place { $place } now
done-source-on = { $source } is turned on
done-source-off = { $source } is turned off
done-offline = Offline: nobody is asked any more
done-online = Back online

source-kind-registry = Registry
source-kind-folder = Folder
source-kind-ckan = CKAN
source-kind-contentdb = ContentDB
source-kind-github = GitHub
source-kind-modrinth = Modrinth
source-kind-thunderstore = Thunderstore
source-kind-workshop = Steam Workshop (on this computer)
