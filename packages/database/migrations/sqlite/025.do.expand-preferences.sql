-- The language and the time zone that users have chosen, and their last log-ins.
ALTER TABLE users ADD COLUMN language TEXT;
ALTER TABLE users ADD COLUMN time_zone TEXT;
ALTER TABLE users ADD COLUMN sign_ins TEXT;
