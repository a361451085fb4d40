-- What is kept of archives is known by its name, also after no profile refers to it. No earlier version wrote a row;
-- what was given is counted in the cache's own index.

DROP TABLE seeds;
CREATE TABLE seeds (
    sha256   BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    source   TEXT NOT NULL,
    package  TEXT NOT NULL,
    version  TEXT NOT NULL,
    title    TEXT NOT NULL,
    size     INTEGER NOT NULL CHECK (size >= 0),
    added_at INTEGER NOT NULL,
    pinned   INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    paused   INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    -- Whether it may be passed on, as its source signed it; absent until that was looked at.
    right_json TEXT CHECK (right_json IS NULL OR json_valid(right_json))
) STRICT, WITHOUT ROWID;
