-- Lists the open holds of all accounts, oldest first.
CREATE INDEX holds_open ON holds (state, id);
