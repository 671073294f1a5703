"""What workflows have done in the world; each class takes its clients in the constructor."""
