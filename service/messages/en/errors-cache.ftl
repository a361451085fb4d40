# $hash is the first eight characters of an archive's hash.
error-cache-busy = This download is already running.
error-cache-busy-hint = Nothing is lost. Wait for it to end.
error-cache-no-space = The disk is too full: { SIZE($needed) } are needed, { SIZE($available) } are free.
error-cache-no-space-hint = Nothing was written. Free some space, then try again; Muster's own cache can be emptied in Sharing.
error-cache-wrong-hash = What was downloaded is not what was signed (archive { $hash }).
error-cache-wrong-hash-hint = It was thrown away and your mods are untouched. Try again; if it happens again, tell the people who run the source.
error-cache-bad-blocks = { $count ->
    [one] { $count } part of a download was not what was signed.
   *[other] { $count } parts of a download were not what was signed.
}
error-cache-bad-blocks-hint = Only the wrong parts are fetched again, from somebody else.
error-cache-incomplete = A download is not complete: { SIZE($missing) } are missing.
error-cache-incomplete-hint = What has arrived is kept. Go on with the download.
error-cache-range = Something asked for a part that the archive does not have.
error-cache-range-hint = Nothing was changed. Please report this with the log.
error-cache-closed = The download had already ended.
error-cache-closed-hint = Nothing was changed. Try again.
error-cache-missing = The archive { $hash } is not here any more.
error-cache-missing-hint = Your mods are untouched. It is fetched again when it is needed.
error-cache-corrupt = The archive { $hash } is damaged on this disk.
error-cache-corrupt-hint = It is neither used nor shared, and your installed mods are untouched. It is fetched again when it is needed; if this happens often, check the disk.
error-cache-too-large = { SIZE($size) } are more than a package may have.
error-cache-too-large-hint = Nothing was downloaded. Tell the publisher.
error-cache-block-list = The signed list of parts does not belong to this archive.
error-cache-block-list-hint = Nothing was downloaded. Tell the people who run the source.
error-cache-in-use = The archive { $hash } is in use.
error-cache-in-use-hint = Nothing was removed. Try again when the change or the download has ended.
error-cache-foreign-entry = A package unpacked to something that is neither a file nor a folder: { $path }
error-cache-foreign-entry-hint = It was removed again and your mods are untouched. Tell the publisher.
error-cache-locked = Another program is using Muster's cache.
error-cache-locked-hint = Nothing was changed. Quit the other Muster service, then start again.
error-cache-not-ready = Muster is still starting.
error-cache-not-ready-hint = Nothing was removed. Try again in a moment.
error-cache-store-gone = The disk with the mods of this game is not there: { $path }
error-cache-store-gone-hint = Nothing was changed. Connect the disk again, then try again. If the folder was deleted for good, deploy the profile again: its packages are unpacked anew.
