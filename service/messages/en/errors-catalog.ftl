error-catalog-timeout = { $host } did not answer in time.
error-catalog-timeout-hint = What was known before can still be searched and used. Muster tries again by itself.
error-catalog-too-long = { $file } is longer than it may be ({ SIZE($limit) }).
error-catalog-too-long-hint = It was not read further, and nothing was changed. Tell the people who run the source.
error-catalog-redirect-refused = { $host } leads to an address that Muster does not follow.
error-catalog-redirect-refused-hint = Nothing was fetched from there. Tell the people who run the source, or check your network.
error-catalog-refused-address = { $file } is not the name of a file in a registry.
error-catalog-refused-address-hint = Nothing was fetched. Tell the people who run the source.
error-catalog-offline = { $obstacle ->
    [name] { $host } is not found. Is this machine online?
    [network] No way leads to { $host } from this network.
    [refused] { $host } lets nobody in: its server does not run.
   *[other] { $host } cannot be reached: { $why }
}
error-catalog-offline-hint = What was known before can still be searched and used. Check your connection; Muster tries again by itself.
error-catalog-busy = { $host } asks to be left alone for a while.
error-catalog-busy-hint = What was known before is still here. Muster asks again after { $seconds } seconds; nothing needs to be done.
error-catalog-server-error = { $host } has trouble (status { $status }).
error-catalog-server-error-hint = What was known before can still be searched and used. Muster tries again by itself.
error-catalog-file = { $file } cannot be read: { $why }
error-catalog-file-hint = What was known before can still be searched and used. Check that the source's folder is there and readable.
error-catalog-no-repository = There is no git repository at { $address } that everybody may read.
error-catalog-no-repository-hint = Nothing was changed, and what was known before can still be used. Check the address; Muster signs in nowhere, so that private repositories cannot be read.
error-catalog-no-branch = { $address } has no branch { $branch }.
error-catalog-no-branch-hint = Nothing was changed, and what was known before can still be used. Name a branch that is there, as in git+https://host/repository.git#main.
error-catalog-repository = The git repository { $address } cannot be read: { $why }
error-catalog-repository-hint = What was known before can still be searched and used. With the next sync everything is fetched anew; if it stays like this, tell the people who run the source.
error-catalog-not-a-file = { $file } is not a file in the git repository, but a link, a folder or another repository.
error-catalog-not-a-file-hint = It was not followed, and nothing was changed. Tell the people who run the source.
error-catalog-resting = This source failed several times and is left alone until { $until }.
error-catalog-resting-hint = What was known before can still be searched and used. Sync it by hand to try at once.
error-catalog-shards = { $shards ->
    [one] { $shards } part of this source's catalogue cannot be read.
   *[other] { $shards } parts of this source's catalogue cannot be read.
}
error-catalog-shards-hint = The other packages are up to date; those of the unreadable parts are shown as they were before.
error-catalog-unknown-source = You have no source { $source }.
error-catalog-unknown-source-hint = Nothing was changed. Add the source first if you trust it.
error-catalog-unknown-package = This source has no package { $package }.
error-catalog-unknown-package-hint = Nothing was changed. Check the spelling, or sync the source.
error-catalog-hint-differs = What the publisher of { $package } { $version } signed is not what the catalogue showed ({ $fields }).
error-catalog-hint-differs-hint = Nothing was installed. Sync the source and look again; if it stays, tell the people who run the source.
error-catalog-result-gone = These search results have changed meanwhile.
error-catalog-result-gone-hint = Nothing is lost. Search again.
error-catalog-address = This is not the address of a source: { $address }
error-catalog-address-hint = Nothing was added. Use an https address without name and password, a folder, or a repository as in git+https://host/repository.git#branch:folder.
error-catalog-index = The list of { $source } cannot be read: { $why }.
error-catalog-index-hint = What was known before is still here. Refresh later; if it stays like this, look at the address.
