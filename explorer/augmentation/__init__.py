"""The augmentation previewer: a pipeline, sixteen draws of it, and what it does to labels."""
