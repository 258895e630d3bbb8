"""The mathematics of the network builder: data, networks, training, probes and scripts."""
