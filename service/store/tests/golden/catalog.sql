-- version 1
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
CREATE TABLE package_facets (
    package INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    value   INTEGER NOT NULL REFERENCES facet_values (number),
    PRIMARY KEY (package, value)
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
CREATE TABLE provides (
    source   TEXT NOT NULL,
    provided TEXT NOT NULL,
    package  INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    PRIMARY KEY (source, provided, package)
) STRICT, WITHOUT ROWID;
CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL) STRICT;
CREATE TABLE shards (
    source    TEXT NOT NULL,
    path      TEXT NOT NULL,
    sha256    BLOB NOT NULL CHECK (length(sha256) = 32),
    loaded_at INTEGER NOT NULL,
    PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE sqlite_sequence(name,seq);
CREATE VIRTUAL TABLE terms USING fts5vocab (texts, 'col');
CREATE VIRTUAL TABLE texts USING fts5 (
    name, tags, summary,
    content = '', contentless_delete = 1, detail = 'column', prefix = '2 3',
    tokenize = 'ascii'
);
CREATE TABLE 'texts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'texts_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'texts_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);
CREATE TABLE 'texts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE versions (
    package      INTEGER NOT NULL REFERENCES packages (row) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    version      TEXT NOT NULL,
    release_json TEXT NOT NULL,
    PRIMARY KEY (package, place)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE vocabulary USING fts5 (word, detail = 'none', tokenize = "trigram case_sensitive 1");
CREATE TABLE 'vocabulary_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'vocabulary_content'(id INTEGER PRIMARY KEY, c0);
CREATE TABLE 'vocabulary_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'vocabulary_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE 'vocabulary_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE INDEX packages_by_id ON packages (id);
CREATE INDEX packages_by_name ON packages (name_key);
CREATE INDEX packages_by_title ON packages (title_key);
CREATE INDEX packages_of_shard ON packages (source, shard);
CREATE INDEX provides_of_package ON provides (package);
