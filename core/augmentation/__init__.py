"""Augmentation: pipelines of random changes to pictures, what they do, and what they break."""
