"""The bot as a real process, killed at every point; the next start finds everything there."""
