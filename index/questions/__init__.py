"""What is asked: its language, its debate, and which way it is asked."""
