-- Since when a release is on offer, as this machine saw it: what comes by itself waits for that. The bytes are part of
-- the key, so that others under the same version wait anew. What stands for a hash (an archive that nobody vouches for) is
-- one as well.

CREATE TABLE sightings (
    source  TEXT NOT NULL,
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256  BLOB NOT NULL CHECK (length(sha256) = 32),
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (source, package, version, sha256)
) STRICT, WITHOUT ROWID;

-- How a profile is kept up to date, as the engine describes it.
ALTER TABLE profiles ADD COLUMN upkeep_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(upkeep_json));
