# How files of packages get to a game's folder, and why not in a better way.
reason-stored-clones = linked by shared blocks: takes no space, and each file is one of its own
reason-stored-no-clones = linked by hard links: takes no space; the file system has no copy-on-write clones
reason-stored-links-wanted = linked by hard links: the game's definition wants it
reason-stored-copies-wanted = copied: the game's definition wants it
reason-stored-cannot-link = copied: the game's disk has neither shared blocks nor hard links
reason-stored-no-folder = copied: the game is on another disk, where no folder for unpacked packages can be made outside of the game's own
reason-stored-untried = copied: the folder could not be tried out
