"""Training in processes of their own: run directories, workers, and who runs when."""
