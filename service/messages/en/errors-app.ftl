# Refusals of the window itself.
error-app-not-allowed = The window may not ask for “{ $operation }”.
error-app-not-allowed-hint = Nothing was changed. This is a fault in Muster: please report it.
error-app-request-too-large = The window sent more at once than Muster accepts.
error-app-request-too-large-hint = Nothing was changed. Try with fewer packages at a time.
error-app-address-refused = This address is not opened: { $detail }.
error-app-address-refused-hint = Muster opens only plain https:// pages. If you trust it, copy the address into your browser.
error-app-folder-missing = The folder “{ $folder }” is not there.
error-app-folder-missing-hint = Nothing was changed. It may appear after the first use; if the game was moved, set its folder again.
error-app-open-failed = Your desktop could not open it: { $detail }.
error-app-open-failed-hint = Check that a browser and a file manager are set up on this computer.
error-app-no-places = Muster does not know where to keep its files.
error-app-no-places-hint = Nothing was written. Set the HOME variable, or MUSTER_HOME to a folder of your choice, and start again.
