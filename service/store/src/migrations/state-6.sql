-- What this machine saw happen to publishers' keys, in the order in which it saw it. Of what happened before, the pins
-- know only since when the present keys count; which ones came before is not known.

CREATE TABLE key_events (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT NOT NULL,
    publisher   TEXT NOT NULL,
    at          INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    keys_json   TEXT NOT NULL CHECK (json_valid(keys_json))
) STRICT;
CREATE INDEX key_events_of ON key_events (source, publisher, number);

INSERT INTO key_events (source, publisher, at, kind, fingerprint, keys_json)
SELECT source, publisher, changed_at, CASE WHEN changed_at = first_seen THEN 'pinned' ELSE 'changed' END,
       fingerprint, keys_json
FROM pins ORDER BY changed_at;
