"""What was asked, and what we say."""
