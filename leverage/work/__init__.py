"""Long runs: chunks worked here, on threads or on a cluster, folded in their order, and kept in a file on the way."""
