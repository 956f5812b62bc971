"""What passes between two messages: answers whose buttons work, what was asked before, verdicts."""
