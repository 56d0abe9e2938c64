"""Studies of many runs: sweep files, designs of points, and the runs they become."""
