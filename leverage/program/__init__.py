"""How a tree is computed: lowered once to a flat program, run over points and samples, and turned round for slopes."""
