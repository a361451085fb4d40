error-cli-io = Reading or writing failed: { $detail }
error-cli-io-hint = Nothing else was changed. Check the file or the terminal and try again.
error-cli-no-home = Your home folder could not be found.
error-cli-no-home-hint = Set MUSTER_HOME to a folder that Muster may use.
error-cli-needs-yes = This needs your consent, and there is no terminal to ask on.
error-cli-needs-yes-hint = Nothing was changed. Add --yes to agree.
error-cli-not-agreed = You did not agree, so nothing was changed.
error-cli-not-agreed-hint = Run the command again whenever you like.
error-cli-several-sources = { $package } is in several of your sources: { $sources }
error-cli-several-sources-hint = Write the source in front: source:{ $package }
error-cli-needs-root = A new source needs its fingerprint confirmed, and there is no terminal to ask on.
error-cli-needs-root-hint = Compare the fingerprint with what the source's people published, then pass it with --root.
error-cli-setting-syntax = { $text } is not a setting.
error-cli-setting-syntax-hint = Write name=value. Nothing was changed.
error-cli-passphrase = The passphrase was not accepted.
error-cli-passphrase-hint = Use at least { $least } characters, the same both times; in a file, one line. No key was written or used.
error-cli-key-exists = There is a file at { $file } already.
error-cli-key-exists-hint = It was not touched: a key that is overwritten is lost for ever. Choose another name.
error-cli-file-too-long = { $file } is too long for a key or a passphrase.
error-cli-file-too-long-hint = Nothing was changed. Check that it is the right file.
error-cli-registry-exists = There is a registry in { $folder } already.
error-cli-registry-exists-hint = It was not touched. Choose another folder, or go on with that registry.
error-cli-registry-missing = There is no registry in { $folder }.
error-cli-registry-missing-hint = Nothing was changed. Make one with muster registry init, or check the path.
error-cli-publisher-name = { $publisher } is not a name that a publisher can have.
error-cli-publisher-name-hint = Nothing was changed. Use 2 to 39 lower-case letters, digits and single hyphens.
error-cli-package-changed = { $file } changed while it was read.
error-cli-package-changed-hint = Nothing of it was published. Wait until whatever writes the file is done, then try again.
error-cli-date = This date cannot be used: { $detail }
error-cli-date-hint = Nothing was changed. Give another time or fewer years.
error-cli-nothing-freed = Nothing of this may go.
error-cli-nothing-freed-hint = Nothing was removed. The list says why each archive stays.
error-cli-several-archives = { $text } means several: { $names }
error-cli-several-archives-hint = Nothing was changed. Write more of the hash.
error-cli-transfer-unknown = There is no download { $text }.
error-cli-transfer-unknown-hint = Nothing was changed. See muster queue for names and hashes.
error-cli-archive-unknown = Nothing is kept under { $text }.
error-cli-archive-unknown-hint = Nothing was changed. See muster seed list for names and hashes.
error-cli-amount = { $text } is not an amount.
error-cli-amount-hint = Nothing was changed. Write 500MB or 2GB, names of packages, or --all.
error-cli-share-owner = { $file } belongs to others: none of its owners' keys was given.
error-cli-share-owner-hint = Nothing was written. Sign with a key of one of its owners, or write another file.
error-cli-several-kept = { $text } has several versions: { $names }
error-cli-several-kept-hint = Nothing was changed. Name one as FILE@HASH.
error-cli-not-subscribed = { $profile } has no subscription to { $package }.
error-cli-not-subscribed-hint = Nothing was changed. See what is subscribed to with: muster subscriptions
error-cli-channel-of-what = Say which packages shall go by the profile.
error-cli-channel-of-what-hint = Nothing was changed. muster channel profile PACKAGE does it for one.
error-cli-feature-unreadable = { $name } cannot be { $text }.
error-cli-feature-unreadable-hint = Nothing was signed. A package is written alice/trees, a game as in muster game list.

error-cli-not-advised = None of your sources advises against { $package }.
error-cli-not-advised-hint = Nothing was changed. Turn it off with muster disable if you want to.

error-cli-advise-missing = { $name } is missing.
error-cli-advise-missing-hint = Nothing was signed. An advisory says how bad it is, one sentence for players, and what it is about.

error-cli-advise-unreadable = { $name } cannot be { $text }.
error-cli-advise-unreadable-hint = Nothing was signed. A hash has 64 hexadecimal digits, a package is written alice/trees@<1.2.0, a version 1.2.0.

error-cli-feature-of-what = It is not clear which package is meant by the feature { $feature }.
error-cli-feature-of-what-hint = Nothing was changed. Write it as publisher/name=feature, with one of the packages that are installed.

error-cli-mapping = { $text } is not a package and a source.
error-cli-mapping-hint = Nothing was changed. Write it as publisher/name=source, with the source's short name.

error-package-manifest-unknown-field = The manifest has a field that does not exist ({ $reason }).
error-package-manifest-unknown-field-hint = Nothing was written. Correct it, then pack again.

error-package-manifest-feature = The feature { $feature } names { $package }, which the package does not depend on.
error-package-manifest-feature-hint = Nothing was written. Name an entry of depends by its package, or an any-of by its first one, then pack again.

error-package-manifest-files = The list of files in the manifest is made by the packer.
error-package-manifest-files-hint = Nothing was written. Remove the field files from the manifest, then pack again.

error-package-input-special = { $name } is a link or a special file; only plain files can be packed.
error-package-input-special-hint = Nothing was written. Correct it, then pack again.

error-package-input-changed = { $name } changed while it was being packed.
error-package-input-changed-hint = Nothing was written. Close the program that writes to it, then pack again.

error-registry-passphrase = The passphrase does not open this key.
error-registry-passphrase-hint = Nothing was changed. Try again; a lost passphrase cannot be recovered.

error-registry-wrong-key = This key may not sign “{ $role }”.
error-registry-wrong-key-hint = Nothing was signed. Use the key the registry knows; teams need as many keys as were agreed.

error-registry-not-admitted = { $publisher } has no keys in this registry.
error-registry-not-admitted-hint = Nothing was signed. Ask the people who run the registry to admit your public key first.

error-registry-already-published = { $what } is already published with other contents.
error-registry-already-published-hint = A published version never changes. Raise the version number and publish again.

error-registry-already-admitted = { $publisher } already has keys in this registry.
error-registry-already-admitted-hint = Nothing was changed. Choose another name, or replace the keys explicitly after a loss.
