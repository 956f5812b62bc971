DROP TABLE bot_hits;

DROP TABLE bot_counters;

DROP TABLE bot_entries;

DROP TABLE bot_schema;
