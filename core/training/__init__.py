"""Training a network for pictures: settings, schedules, the loop itself, and what was learnt."""
