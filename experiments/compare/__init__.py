"""Two scenarios under common random numbers: what differs, how surely, and who won and who lost."""
