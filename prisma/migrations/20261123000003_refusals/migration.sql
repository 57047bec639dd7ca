-- How often somebody was refused at a request: the first attempts are in its history one by one, all are counted here.
CREATE TABLE approval_refusal (
  request_id uuid NOT NULL REFERENCES approval_request (id),
  actor text NOT NULL,
  attempts integer NOT NULL,
  PRIMARY KEY (request_id, actor)
);
