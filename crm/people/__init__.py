"""Who works here: persons, their roles, their chats, how they come in."""
