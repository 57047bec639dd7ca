-- Who made the key by which it was written: they never answer what it asks of people.
ALTER TABLE agent ADD COLUMN key_creator uuid REFERENCES person (id);
ALTER TABLE agent_version ADD COLUMN key_creator uuid REFERENCES person (id);
