"""The lesson on transfer learning: own classes from a few pictures."""
