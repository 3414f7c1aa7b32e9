-- The language and the time zone that users have chosen, and their last log-ins.
ALTER TABLE users ADD COLUMN language varchar(64), ADD COLUMN time_zone varchar(64), ADD COLUMN sign_ins text;
