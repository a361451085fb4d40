-- version 6
CREATE TABLE consents (
    subject    TEXT PRIMARY KEY,
    answer     TEXT NOT NULL,
    wording    INTEGER NOT NULL,
    given_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE first_seen (
    source  TEXT NOT NULL,
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256  BLOB NOT NULL CHECK (length(sha256) = 32),
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (source, package, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE generations (
    profile     TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    lock        TEXT NOT NULL,
    cause       TEXT NOT NULL,
    params_json TEXT NOT NULL CHECK (json_valid(params_json)),
    created_at  INTEGER NOT NULL,
    name        TEXT, exchanges_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(exchanges_json)),
    PRIMARY KEY (profile, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE jobs (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    profile       TEXT,
    request_json  TEXT NOT NULL CHECK (json_valid(request_json)),
    phase         TEXT NOT NULL,
    progress_json TEXT NOT NULL CHECK (json_valid(progress_json)),
    outcome_json  TEXT CHECK (outcome_json IS NULL OR json_valid(outcome_json)),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE key_events (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT NOT NULL,
    publisher   TEXT NOT NULL,
    at          INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    keys_json   TEXT NOT NULL CHECK (json_valid(keys_json))
) STRICT;
CREATE TABLE metadata (
    source    TEXT NOT NULL,
    name      TEXT NOT NULL,
    bytes     BLOB NOT NULL,
    stored_at INTEGER NOT NULL,
    PRIMARY KEY (source, name)
) STRICT;
CREATE TABLE pins (
    source         TEXT NOT NULL,
    publisher      TEXT NOT NULL,
    fingerprint    BLOB NOT NULL CHECK (length(fingerprint) = 32),
    keys_json      TEXT NOT NULL CHECK (json_valid(keys_json)),
    threshold      INTEGER NOT NULL CHECK (threshold > 0),
    first_seen     INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    candidate_json TEXT CHECK (candidate_json IS NULL OR json_valid(candidate_json)),
    PRIMARY KEY (source, publisher)
) STRICT, WITHOUT ROWID;
CREATE TABLE profiles (
    id                TEXT PRIMARY KEY,
    name              TEXT NOT NULL,
    game              TEXT NOT NULL,
    place             TEXT NOT NULL,
    installation_json TEXT NOT NULL CHECK (json_valid(installation_json)),
    created_at        INTEGER NOT NULL,
    active            INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    generation        INTEGER NOT NULL DEFAULT 0,
    lock              TEXT NOT NULL, removed_at INTEGER, removed_name TEXT, overlay_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(overlay_json)), upkeep_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(upkeep_json)),
    UNIQUE (game, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE revoked_keys (
    key     TEXT PRIMARY KEY,
    source  TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE settings (
    key        TEXT PRIMARY KEY,
    value_json TEXT NOT NULL CHECK (json_valid(value_json)),
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sightings (
    source  TEXT NOT NULL,
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256  BLOB NOT NULL CHECK (length(sha256) = 32),
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (source, package, version, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    address      TEXT NOT NULL,
    alias        TEXT UNIQUE,
    priority     INTEGER NOT NULL,
    enabled      INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    root         BLOB,
    added_at     INTEGER NOT NULL,
    attempted_at INTEGER,
    succeeded_at INTEGER,
    failures     INTEGER NOT NULL DEFAULT 0,
    problem_json TEXT,
    marks        TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE transfers (
    sha256       BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    size         INTEGER NOT NULL CHECK (size >= 0),
    tier         TEXT NOT NULL CHECK (tier IN ('lobby-urgent', 'user', 'background')),
    position     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    spec_json    TEXT NOT NULL CHECK (json_valid(spec_json)),
    added_at     INTEGER NOT NULL,
    problem_json TEXT CHECK (problem_json IS NULL OR json_valid(problem_json))
) STRICT, WITHOUT ROWID;
CREATE INDEX key_events_of ON key_events (source, publisher, number);
CREATE UNIQUE INDEX one_active_profile_per_place ON profiles (place) WHERE active = 1;
CREATE INDEX unfinished_jobs ON jobs (created_at) WHERE outcome_json IS NULL;
