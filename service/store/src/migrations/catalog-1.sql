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
    title_key   TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    UNIQUE (source, id)
) STRICT;
CREATE INDEX packages_of_shard ON packages (source, shard);
CREATE INDEX packages_by_id ON packages (id);
CREATE INDEX packages_by_title ON packages (title_key);
CREATE INDEX packages_by_name ON packages (name_key);

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

CREATE TABLE package_facets (
    package INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    value   INTEGER NOT NULL REFERENCES facet_values (number),
    PRIMARY KEY (package, value)
) STRICT, WITHOUT ROWID;

-- Words, already folded and separated by the program (lower case, no diacritics, ß as ss): the tokenizer only splits
-- at spaces, so that it and the program never disagree about what one word is.
CREATE VIRTUAL TABLE texts USING fts5 (
    name, tags, summary,
    content = '', contentless_delete = 1, detail = 'column', prefix = '2 3',
    tokenize = 'ascii'
);
CREATE VIRTUAL TABLE terms USING fts5vocab (texts, 'col');

-- Every word of names and tags as ^word$, by its trigrams: what a mistyped word could have meant.
CREATE VIRTUAL TABLE vocabulary USING fts5 (word, detail = 'none', tokenize = "trigram case_sensitive 1");

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
