"""Servers our bots talk to, played on 127.0.0.1 for the tests."""
