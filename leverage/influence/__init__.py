"""What does an uncertain leaf carry to the goal? Indices, effects, regressions and boxes, on arrays alone."""
