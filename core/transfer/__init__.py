"""Transfer learning: own classes from a few pictures, on top of a network that has learnt."""
