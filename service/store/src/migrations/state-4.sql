-- What a change did to versions of files beside its packages, as the engine describes it, so that going back over it takes
-- that back too.

ALTER TABLE generations ADD COLUMN exchanges_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(exchanges_json));
