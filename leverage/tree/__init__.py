"""What the file says, checked and frozen: metrics, their doubts, resources, scenarios, and how they hang together."""
