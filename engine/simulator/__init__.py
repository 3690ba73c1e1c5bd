"""A Telegram Bot API server over loopback HTTP, and a page of phones that talk to the bot through
it."""
