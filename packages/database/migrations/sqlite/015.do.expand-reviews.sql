-- The reversals that a person has to look at.
CREATE INDEX reversals_state ON reversals (state, created_at_ms, id);
CREATE INDEX reversals_shortfall ON reversals (created_at_ms, id) WHERE shortfall > 0;
