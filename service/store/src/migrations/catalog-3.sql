-- Everything here can be fetched again. Times are milliseconds since 1970 in UTC, 0 where unknown.

CREATE TABLE shards (
    source    TEXT NOT NULL,
    path      TEXT NOT NULL,
    sha256    BLOB NOT NULL CHECK (length(sha256) = 32),
    loaded_at INTEGER NOT NULL,
    PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE packages (
    row         INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT NOT NULL,
    shard       TEXT NOT NULL,
    id          TEXT NOT NULL,
    publisher   TEXT NOT NULL,
    name        TEXT NOT NULL,
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    license     TEXT,
    version     TEXT NOT NULL,
    channel     TEXT NOT NULL,
    side        TEXT NOT NULL,
    size        INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    published   INTEGER NOT NULL,
    downloads   INTEGER,
    games_json  TEXT NOT NULL,
    tags_json   TEXT NOT NULL,
    detail_json TEXT NOT NULL,
    UNIQUE (source, id)
) STRICT;
CREATE INDEX packages_of_shard ON packages (source, shard);
CREATE INDEX packages_by_id ON packages (id);

-- The full description of each version: a hint until the publisher's own signature says the same.
CREATE TABLE versions (
    package      INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    version      TEXT NOT NULL,
    release_json TEXT NOT NULL,
    PRIMARY KEY (package, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE provides (
    source   TEXT NOT NULL,
    provided TEXT NOT NULL,
    package  INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    PRIMARY KEY (source, provided, package)
) STRICT, WITHOUT ROWID;
CREATE INDEX provides_of_package ON provides (package);

CREATE TABLE facet_values (
    number INTEGER PRIMARY KEY,
    facet  TEXT NOT NULL,
    value  TEXT NOT NULL,
    UNIQUE (facet, value)
) STRICT;

-- What a search index is built from: folded words of three kinds of text, the folded title and name, and the numbers of
-- facet values, four bytes each, little-endian.
CREATE TABLE texts (
    package   INTEGER PRIMARY KEY REFERENCES packages (row) ON DELETE CASCADE,
    title_key TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    name      TEXT NOT NULL,
    tags      TEXT NOT NULL,
    summary   TEXT NOT NULL,
    facets    BLOB NOT NULL
) STRICT;

-- The built index of one revision. Whoever reads it checks it and builds it anew where it is of another one or damaged.
CREATE TABLE search_image (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    revision INTEGER NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;

-- Raises with every change: an index in memory knows by it whether it is current.
CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL) STRICT;
INSERT INTO revision VALUES (1, 1);

-- Small signed files (icons, manifests, block lists) by their immutable names, verified again at each use.
CREATE TABLE files (
    source  TEXT NOT NULL,
    name    TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (source, name)
) STRICT;

-- Counts of downloads as sources said them at a moment before: what moves is told from what is large by them.
CREATE TABLE download_marks (
    source    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    id        TEXT NOT NULL,
    downloads INTEGER NOT NULL,
    PRIMARY KEY (source, at, id)
) STRICT, WITHOUT ROWID;
