-- Whether a user has signed in yet, and who could have chosen the password; which entry of USER_WHITELIST was applied last.
ALTER TABLE users
  ADD COLUMN claim varchar(32),
  ADD COLUMN whitelist_tag varchar(255);
-- Who made a link: it can do no more than this person or key when it is used.
ALTER TABLE one_time_links ADD COLUMN issuer varchar(330);
CREATE INDEX one_time_links_issuer ON one_time_links (issuer);
