"""What is said of samples: what is asked of them, what they cannot tell, what stands beside them, where they fail."""
