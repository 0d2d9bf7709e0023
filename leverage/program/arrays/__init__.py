"""Programs over whole arrays: a slot a metric, for models over time and dimensions with many cells."""
