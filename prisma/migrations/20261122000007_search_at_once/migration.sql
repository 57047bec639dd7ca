-- New agents go into the index at once: a list of those not yet in it would be read from end to end by every search.
ALTER INDEX agent_search SET (fastupdate = off);
SELECT gin_clean_pending_list('agent_search');
