"""The tree's uncertain leaves, drawn and run through its program: what verbs of chance stand on."""
