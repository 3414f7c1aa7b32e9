-- The language and the time zone that users have chosen, and their last log-ins.
ALTER TABLE users ADD COLUMN language text COLLATE "C", ADD COLUMN time_zone text COLLATE "C", ADD COLUMN sign_ins text;
