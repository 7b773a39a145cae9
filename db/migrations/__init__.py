"""The tables' history, a line for the figures and one for what is remembered of chats."""
