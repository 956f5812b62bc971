DROP TABLE bot_lines;

DROP TABLE bot_updates;

UPDATE bot_schema SET version = 1;
