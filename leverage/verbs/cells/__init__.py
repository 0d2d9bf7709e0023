"""Figures over time and dimensions: nested as the file has them, by label, by period, rolled up."""
