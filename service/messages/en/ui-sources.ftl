# Sources.

sources-waiting = Reading the sources…
sources-empty = There are no sources yet. Add one by its address or folder.
sources-about = When two sources have the same new package, the higher one is used. What is installed stays with the source it came from.
source-add = Add a source…
source-add-title = Add a source
source-add-about = Paste the address of a registry, or the folder where one lies. Nothing is used before you have seen its key.
source-address = Address or folder
source-alias = Short name
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
source-packages = { $count ->
    [one] { $shown } package
   *[other] { $shown } packages
}
source-never = Not read yet
source-new = Not read yet
source-fresh = Refreshed { $ago }
source-stale = Old: from { $ago }. It is used until a newer one arrives.
source-failed = Could not be read; last time { $ago }
source-off = Switched off
source-sync = Refresh { $source }
source-remove = Remove { $source }
source-kind-registry = Registry
source-kind-folder = Folder
source-kind-ckan = CKAN
source-kind-contentdb = ContentDB
source-kind-thunderstore = Thunderstore
