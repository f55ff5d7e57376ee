-- Whoever was erased stands as person 0 in the ledger: nobody's key opens what is left.
ALTER TABLE ledger_head ADD COLUMN erasures integer NOT NULL DEFAULT 0;

-- What a person did is looked for when the person is erased, and when an auditor asks what an entry rests on.
CREATE INDEX ledger_event_by_person ON ledger_event (marketplace_id, person_no) WHERE person_no > 0;

-- How many people were erased in a month (months since year 0), and whether the ledger was told.
CREATE TABLE erasure_month (
  marketplace_id integer NOT NULL,
  month integer NOT NULL,
  people integer NOT NULL,
  told boolean NOT NULL,
  PRIMARY KEY (marketplace_id, month)
);
