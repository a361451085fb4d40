# Errors of package files. $name is a name inside the package, $reason a detail for authors.

error-package-not-zip = The file is not a complete package.
error-package-not-zip-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-end-record = The package has an end that can be read in two ways.
error-package-end-record-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-multi-disk = The package is split over several files.
error-package-multi-disk-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-zip64 = The package uses ZIP64, which packages below 4 GiB do not need.
error-package-zip64-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-directory = The package's directory is damaged.
error-package-directory-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-gap = The package has bytes that belong to no file in it.
error-package-gap-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-overlap = Files in the package overlap.
error-package-overlap-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-too-many-entries = The package has too many files.
error-package-too-many-entries-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-too-large = The package, or what is in it, is larger than it may be.
error-package-too-large-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-order = The files in the package are not in order.
error-package-order-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-name-encoding = The name { $name } in the package is not marked as Unicode.
error-package-name-encoding-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-duplicate-name = The package has two files named { $name }.
error-package-duplicate-name-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-name-collision = On some computers { $name } is the same file as another one in the package.
error-package-name-collision-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-encrypted = { $name } in the package is encrypted.
error-package-encrypted-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-method = { $name } is compressed in a way that packages do not use.
error-package-method-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-flags = { $name } uses features of ZIP that packages must not use.
error-package-flags-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-extra-field = { $name } has an extra field that could give it another meaning.
error-package-extra-field-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-special = { $name } in the package is a link, a device or a folder.
error-package-special-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-header-mismatch = The package says two different things about { $name }.
error-package-header-mismatch-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-entry-too-large = { $name } in the package is larger than it may be.
error-package-entry-too-large-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-ratio = { $name } would grow to more than 200 times its size.
error-package-ratio-hint = Nothing was installed. The package could mean different things on different computers; tell its author.

error-package-data = { $name } in the package is damaged.
error-package-data-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-checksum = { $name } in the package does not have its checksum.
error-package-checksum-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-hash = { $name } is not the file that the package's manifest names.
error-package-hash-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-unlisted = The package has a file { $name } that its manifest does not name.
error-package-unlisted-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-missing-file = The package does not have the file { $name } that its manifest names.
error-package-missing-file-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-size-differs = { $name } does not have the size that the package's manifest names.
error-package-size-differs-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-outside = { $name } is not in the folder files of the package.
error-package-outside-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-path = The name { $name } does not work on every system.
error-package-path-hint = Nothing was written. Its author must rename the file.

error-package-manifest-missing = The package does not begin with its manifest.
error-package-manifest-missing-hint = Nothing was installed. Get the package again; if it stays like this, tell its author.

error-package-manifest-too-large = The manifest is larger than it may be.
error-package-manifest-too-large-hint = Nothing was written. If it is your package, correct the manifest; otherwise tell its author.

error-package-manifest-syntax = The manifest cannot be read ({ $reason }).
error-package-manifest-syntax-hint = Nothing was written. If it is your package, correct the manifest; otherwise tell its author.

error-package-manifest-field = The manifest has a field that does not fit ({ $reason }).
error-package-manifest-field-hint = Nothing was written. If it is your package, correct the manifest; otherwise tell its author.

error-package-manifest-format = The package was made for a newer Muster.
error-package-manifest-format-hint = Nothing was installed. Update Muster, then try again.

error-package-artifact = Data that describes the package does not fit it.
error-package-artifact-hint = Nothing was installed from it. Try again later; if it stays like this, tell the package's author.

error-package-cancelled = Stopped as you asked.
error-package-cancelled-hint = Nothing was left behind. Start again whenever you like.
