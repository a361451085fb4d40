-- A profile that was removed can come back: its row and its timeline stay until that is no longer wanted. It gives its
-- name away and waits under its id. The overlay is what the player changed in the profile's configuration files.

ALTER TABLE profiles ADD COLUMN removed_at INTEGER;
ALTER TABLE profiles ADD COLUMN removed_name TEXT;
ALTER TABLE profiles ADD COLUMN overlay_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(overlay_json));
