"""Who is asking, and where: channels, delivery, settings, command line."""
