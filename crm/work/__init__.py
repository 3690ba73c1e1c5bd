"""Chats, sessions, tasks, timers and files that workers sent."""
