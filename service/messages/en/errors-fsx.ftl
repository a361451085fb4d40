# Errors of files and folders. $path is the file, $reason what the system said.

error-file-no-space = There is no space left for { $path }.
error-file-no-space-hint = Nothing was damaged. Free some space on that drive, then try again.

error-file-permission = { $path } may not be read or changed.
error-file-permission-hint = Nothing was changed. Check that the file belongs to you and that no other program protects it, then try again.

error-file-missing = { $path } is not there.
error-file-missing-hint = Nothing was changed. If it was moved or deleted, put it back or let Muster check its files.

error-file-exists = { $path } is there already.
error-file-exists-hint = The existing file was left as it is. Move it away or choose another name, then try again.

error-file-read-only = { $path } is on a drive that can only be read.
error-file-read-only-hint = Nothing was changed. Choose a folder on another drive, or make this one writable.

error-file-busy = { $path } is in use by another program.
error-file-busy-hint = Nothing was changed. Close the game or the program that uses it, then try again.

error-file-too-long = The path { $path } is too long for this drive.
error-file-too-long-hint = Nothing was changed. Choose a folder with a shorter path.

error-file-link = { $path } is a link or a special file where a plain file or folder must be.
error-file-link-hint = Nothing was written through it. Replace it by a plain file or folder, then try again.

error-file-shape = { $path } is not what was expected: a folder instead of a file, the other way round, or a folder that is not empty.
error-file-shape-hint = Nothing was changed. Move it away, then try again.

error-file-too-large = { $path } is larger than it may be.
error-file-too-large-hint = It was not read. Check that it is the right file.

error-file-name = { $path } has a name that cannot be used safely.
error-file-name-hint = Nothing was changed. Rename the file or folder, then try again.

error-file-other-volume = { $path } cannot be moved because it is on another drive.
error-file-other-volume-hint = Nothing was changed. Choose a folder on the same drive.

error-file-other = { $path } could not be used: { $reason }.
error-file-other-hint = Nothing was lost. Try again; if it happens again, check the drive.
