"""Who makes the spread, and who is worth asking? Leaves and groups of them, judged by designs of samples."""
