-- Whether a user has signed in yet, and who could have chosen the password; which entry of USER_WHITELIST was applied last.
ALTER TABLE users ADD COLUMN claim TEXT;
ALTER TABLE users ADD COLUMN whitelist_tag TEXT;
-- Who made a link: it can do no more than this person or key when it is used.
ALTER TABLE one_time_links ADD COLUMN issuer TEXT;
CREATE INDEX one_time_links_issuer ON one_time_links (issuer);
