"""Stress in the browser: what is asked, the process that works it out, and what its answer is made of."""
