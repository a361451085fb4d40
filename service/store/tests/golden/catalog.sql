-- version 3
CREATE TABLE download_marks (
    source    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    id        TEXT NOT NULL,
    downloads INTEGER NOT NULL,
    PRIMARY KEY (source, at, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE facet_values (
    number INTEGER PRIMARY KEY,
    facet  TEXT NOT NULL,
    value  TEXT NOT NULL,
    UNIQUE (facet, value)
) STRICT;
CREATE TABLE files (
    source  TEXT NOT NULL,
    name    TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (source, name)
) STRICT;
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
CREATE TABLE provides (
    source   TEXT NOT NULL,
    provided TEXT NOT NULL,
    package  INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    PRIMARY KEY (source, provided, package)
) STRICT, WITHOUT ROWID;
CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL) STRICT;
CREATE TABLE search_image (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    revision INTEGER NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;
CREATE TABLE shards (
    source    TEXT NOT NULL,
    path      TEXT NOT NULL,
    sha256    BLOB NOT NULL CHECK (length(sha256) = 32),
    loaded_at INTEGER NOT NULL,
    PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE texts (
    package   INTEGER PRIMARY KEY REFERENCES packages (row) ON DELETE CASCADE,
    title_key TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    name      TEXT NOT NULL,
    tags      TEXT NOT NULL,
    summary   TEXT NOT NULL,
    facets    BLOB NOT NULL
) STRICT;
CREATE TABLE versions (
    package      INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    version      TEXT NOT NULL,
    release_json TEXT NOT NULL,
    PRIMARY KEY (package, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX packages_by_id ON packages (id);
CREATE INDEX packages_of_shard ON packages (source, shard);
CREATE INDEX provides_of_package ON provides (package);
