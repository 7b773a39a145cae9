"""What is true: values, tables, the store, imports, migrations, and what the bot remembers of
chats.
"""
