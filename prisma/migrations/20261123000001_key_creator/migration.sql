-- Who made the key by which it was asked: they never answer what it asks of people.
ALTER TABLE run ADD COLUMN key_creator uuid REFERENCES person (id);
ALTER TABLE deployment ADD COLUMN key_creator uuid REFERENCES person (id);
