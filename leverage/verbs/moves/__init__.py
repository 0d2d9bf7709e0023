"""Where a lever may stand, how far it carries, and what it takes: what verbs that move levers stand on."""
