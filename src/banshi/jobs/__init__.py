"""Background tasks, their progress and the schedule."""
