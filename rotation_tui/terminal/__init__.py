"""What knows terminals and no finance."""
