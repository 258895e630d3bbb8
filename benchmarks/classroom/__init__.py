"""Thirty learners on one server: what each gesture takes, what breaks, what it costs."""
