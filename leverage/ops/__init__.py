"""The operator table: one row an operator, its value, its slopes and where it is defined."""
